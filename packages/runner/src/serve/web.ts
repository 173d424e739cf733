import type { IncomingMessage, ServerResponse } from 'node:http';
import type { VaultClock } from '@contact-sync/core';
import type { Fleet } from '../fleet/types.js';
import type { Host } from '../host/index.js';
import type { ServeLog } from './log.js';

/** What a one-time link lets somebody do. */
export type LinkRole = 'viewer' | 'administrator';

/** Who came in with a one-time link, for the history. */
export type LinkHolder = { readonly user: string; readonly role: LinkRole };

/** A reverse proxy that signs people in, and says in headers who they are. */
export type WebProxy = {
  /** Where people see the page: `https://contacts.firm.example`, without a path. */
  readonly url: string;
  /** What the proxy sends as `x-contact-sync-proxy-secret`; null: it is known by its address alone. */
  readonly secret: string | null;
  /** Addresses and networks it comes from: `10.0.0.5`, `10.0.0.0/24`. With a secret, both must be right. */
  readonly addresses: readonly string[];
  readonly userHeader: string;
  /** Holds roles or groups, with commas between them. */
  readonly roleHeader: string;
  /** Which of them are which role; `*` is everybody whom the proxy lets in. */
  readonly administrators: readonly string[];
  readonly viewers: readonly string[];
};

/** What of a fleet the page of its operators uses. */
export type OperatedFleet = Pick<Fleet, 'status' | 'firms' | 'count' | 'top' | 'order'>;

/** What there is a page of: the books of a service, or a fleet. */
export type Shown =
  | { readonly host: Host; readonly fleet?: undefined }
  | { readonly fleet: OperatedFleet; readonly host?: undefined };

export type WebOptions = Shown & {
  readonly access:
    | {
        readonly by: 'link';
        /** Gives the holder of a link once, and null for any that is used, over or made up. */
        readonly useLink: (token: string) => Promise<LinkHolder | null>;
        /** What a person types to get a link. */
        readonly command: string;
      }
    | { readonly by: 'proxy'; readonly proxy: WebProxy };
  readonly clock: VaultClock;
  readonly log: ServeLog;
  readonly version: string;
};

/** The page and its API, on a server that somebody else listens with. */
export type Web = {
  /** Answers everything but `/healthz` and `/metrics`. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Takes nothing more, ends the streams, and resolves when what is under way is answered. */
  readonly close: () => Promise<void>;
};

/**
 * What `@contact-sync/web` exports as `startWeb`.
 *
 * @throws ContactSyncError `setting_invalid` for settings by which anybody would be trusted
 */
export type StartWeb = (options: WebOptions) => Promise<Web>;
