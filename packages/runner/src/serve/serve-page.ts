import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { ContactSyncError, type VaultClock } from '@contact-sync/core';
import { type Host, startHost } from '../host/index.js';
import { type SealedVault, sealedVault } from '../secrets/sealed-vault.js';
import { version } from '../version.js';
import { checkReach, installWeb, loadWeb } from './load-web.js';
import type { ServeLog } from './log.js';
import { makePageLink, usePageLink } from './page-links.js';
import type { Serving } from './serve.js';
import type { ServedBook } from './served-book.js';
import type { Service } from './service.js';
import type { LinkHolder, StartWeb, Web, WebProxy } from './web.js';

/** Whether there is a page, and for whom. */
export type ServedWeb = {
  /** Who signs people in. Null: a link does, on this machine. */
  readonly proxy: WebProxy | null;
  /** What a person types to get a link. */
  readonly command: string;
  /** Shows a person the first link. Null: nobody is there to see it, and a log is no place for it. */
  readonly show: ((text: string) => void) | null;
  readonly load?: ((cwd: string) => Promise<StartWeb | null>) | undefined;
};

/** The page of a service, from before it begins to after it ends. */
export type ServedPage = {
  readonly handle: Web['handle'] | undefined;
  begin(service: Service, url: string): Promise<void>;
  /** Takes nothing more, and waits a while for what is under way. */
  end(): Promise<void>;
};

/** So long the answers that are under way have when the service ends, in milliseconds. */
const patienceMs = 5000;

type World = { readonly clock: VaultClock; readonly log: ServeLog };

/**
 * The page, where one is wanted, its package is installed and somebody listens.
 *
 * @throws ContactSyncError `setting_invalid` where it would be open to anybody
 */
export async function servedPage(serving: Serving, { clock, log }: World): Promise<ServedPage | null> {
  const { web, listen, cwd } = serving;
  if (!web || listen === null) return null;
  const startWeb = await (web.load ?? loadWeb)(cwd);
  if (startWeb === null) {
    if (web.proxy !== null) {
      throw new ContactSyncError('connector_missing', 'There is no page to put behind a proxy.', {
        hint: `Install it: ${installWeb}`,
      });
    }
    return { handle: undefined, begin: async () => tell(web, log, `No page: ${installWeb}`), end: async () => {} };
  }
  checkReach(listen, web.proxy);
  const begun: { page: Web | null; host: Host | null } = { page: null, host: null };

  return {
    handle(request, response) {
      if (begun.page !== null) return begun.page.handle(request, response);
      answerThatItStarts(request, response);
    },
    async begin(service, url) {
      const { proxy, command } = web;
      const host = startHost(service, serving);
      begun.host = host;
      const useLink = (token: string) => fromAny(service.books, (vault) => usePageLink(vault, token, clock.now()));
      begun.page = await startWeb({
        host,
        access: proxy === null ? { by: 'link', useLink, command } : { by: 'proxy', proxy },
        clock,
        log,
        version: version(),
      });
      const [book] = service.books;
      const holder: LinkHolder = { user: serving.actor, role: 'administrator' };
      const link = async (of: ServedBook) => await makePageLink(await sealedOf(of), holder, clock.now());
      await tellOfPage(web, log, url, book === undefined ? null : () => link(book));
    },
    async end() {
      await inTime(Promise.all([begun.page?.close(), begun.host?.close()]));
    },
  };
}

export function answerThatItStarts(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(503, { 'retry-after': '1' }).end('It is starting.\n');
}

/** Waits until what is under way has ended, and not for ever. */
export async function inTime(work: Promise<unknown> | undefined): Promise<void> {
  const over = new AbortController();
  const bound = setTimeout(patienceMs, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work, bound]);
  over.abort();
}

/**
 * Tells where the page is, and a person at a terminal how to come in.
 *
 * @param link makes the path of a link for whoever runs the service; null: there is nothing yet that could keep it
 */
export async function tellOfPage(
  web: ServedWeb,
  log: ServeLog,
  url: string,
  link: (() => Promise<string>) | null,
): Promise<void> {
  const { proxy, command, show } = web;
  if (proxy !== null) return tell(web, log, `The page: ${proxy.url}`);
  if (show === null || link === null) return tell(web, log, `The page: ${url} (a link to come in: ${command})`);
  tell(web, log, `The page: ${url}${await link()}`);
  tell(web, log, `The link lets one person in, once, within 15 minutes. For another: ${command}`);
}

function tell({ show }: ServedWeb, log: ServeLog, text: string): void {
  if (show !== null) show(`${text}\n`);
  else log.info({}, text);
}

/** The first that is not null, of the stores of these books. */
async function fromAny<T>(
  books: readonly ServedBook[],
  look: (vault: SealedVault) => Promise<T | null>,
): Promise<T | null> {
  for (const book of new Map(books.map((one) => [one.served.store, one])).values()) {
    const found = await look(await sealedOf(book));
    if (found !== null) return found;
  }
  return null;
}

async function sealedOf(book: ServedBook): Promise<SealedVault> {
  const { vault } = await book.opened();
  return sealedVault(vault, await book.keys());
}
