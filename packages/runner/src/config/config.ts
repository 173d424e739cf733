import type { PolicyInput } from '@contact-sync/core';

/** Who is told what needs a person. How to reach them is a secret where it holds one: see `alertVariables`. */
export type AlertsConfig = {
  /** By the server that CONTACT_SYNC_SMTP names. */
  readonly email?: { readonly to: string | readonly string[]; readonly from?: string | undefined } | undefined;
  /** An address that JSON is posted to. True: the one in CONTACT_SYNC_ALERT_WEBHOOK, for addresses with a secret in them. */
  readonly webhook?: string | true | undefined;
  /** True: to the address in CONTACT_SYNC_ALERT_SLACK, which is a secret itself. */
  readonly slack?: true | undefined;
  /** A run that rejects more than this share of its records is told of, 0 to 1. */
  readonly rejectedShare?: number | undefined;
};

/** A reverse proxy that signs people in to the page. Its secret is in CONTACT_SYNC_PROXY_SECRET. */
export type ProxyConfig = {
  /** Where people see the page: `https://contacts.firm.example`. */
  readonly url: string;
  /** Addresses and networks that it comes from: `10.0.0.5`, `10.0.0.0/24`. */
  readonly addresses?: readonly string[] | undefined;
  /** The header with who somebody is; `x-forwarded-email` unless said. */
  readonly userHeader?: string | undefined;
  /** The header with their roles or groups, commas between them; `x-forwarded-groups` unless said. */
  readonly roleHeader?: string | undefined;
  /** Which of them may change things; `contact-sync-administrators` unless said. `*`: everybody who comes in. */
  readonly administrators?: readonly string[] | undefined;
  /** Which of them may look; `contact-sync-viewers` unless said. */
  readonly viewers?: readonly string[] | undefined;
};

/** The page of `serve`, where its package is installed. */
export type WebConfig = {
  /** False: there is none, whatever is installed. */
  readonly enabled?: boolean | undefined;
  readonly behindProxy?: ProxyConfig | undefined;
};

/** What can be said for all books, and differently for one. */
export type BookConfig = {
  /** What the firm decided about the rules. What a connection or `--policy` says goes before it. */
  readonly policy?: PolicyInput | undefined;
  /** For how many days the history keeps what runs changed; 90 unless said. */
  readonly keepDays?: number | undefined;
  /** When `serve` syncs a connection that has no schedule of its own: `hourly`, or `30 7 * * 1-5 Australia/Sydney`. */
  readonly schedule?: string | undefined;
};

/** What a `contact-sync.config.ts` says. Never a secret: those are in the environment or stored by `connect`. */
export type Config = BookConfig & {
  /** Where the contact books are: `sqlite:contacts.db`, from the folder of the file, or `postgres://user@host/database`. */
  readonly store?: string | undefined;
  /** The book that is meant unless `--book` names one; `default` unless said. */
  readonly book?: string | undefined;
  /** Where the key of stored secrets comes from, unless the environment says. A file is taken from the folder of this one. */
  readonly key?: { readonly file: string } | { readonly command: string } | undefined;
  readonly alerts?: AlertsConfig | undefined;
  readonly web?: WebConfig | undefined;
  /** What is different in a book, by its name. */
  readonly books?: Readonly<Record<string, BookConfig>> | undefined;
};

/** Environment variables of what alerts need; a file must not hold those that have a secret in them. */
export const alertVariables = {
  /** `smtps://user:password@host:465` */
  smtp: 'CONTACT_SYNC_SMTP',
  from: 'CONTACT_SYNC_MAIL_FROM',
  webhook: 'CONTACT_SYNC_ALERT_WEBHOOK',
  slack: 'CONTACT_SYNC_ALERT_SLACK',
} as const;

/** Gives back what it is given: it is there so that an editor knows the settings. */
export function defineConfig(config: Config): Config {
  return config;
}

/** What holds in a book: what its own part says, else what is said for all. Policies are put together one by one. */
export function configOfBook(config: Config, book: string): BookConfig {
  const its = config.books !== undefined && Object.hasOwn(config.books, book) ? config.books[book] : undefined;
  return {
    policy: { ...config.policy, ...its?.policy },
    keepDays: its?.keepDays ?? config.keepDays,
    schedule: its?.schedule ?? config.schedule,
  };
}
