import { ContactSyncError, type VaultClock } from '@contact-sync/core';
import { keyRing } from '../secrets/key-sources.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { systemClock } from '../serve/clock.js';
import { type Listen, listen } from '../serve/http.js';
import { checkReach, installWeb, loadWeb } from '../serve/load-web.js';
import type { LogLevel } from '../serve/log.js';
import { makePageLink, usePageLink } from '../serve/page-links.js';
import { answerThatItStarts, inTime, type ServedWeb, tellOfPage } from '../serve/serve-page.js';
import type { Web } from '../serve/web.js';
import { openVault } from '../stores.js';
import { version } from '../version.js';
import { loadFleet } from './load-fleet.js';
import type { FleetPlace, OpenFleet } from './types.js';

/** The page of a fleet as plain data, and what tests put in place of the world. */
export type ServingFleet = FleetPlace & {
  readonly listen: Listen;
  readonly web: ServedWeb;
  readonly logLevel?: LogLevel | undefined;
  /** Takes the lines of the log. */
  readonly write: (line: string) => void;
  readonly clock?: VaultClock | undefined;
  readonly openFleet?: OpenFleet | undefined;
  /** Hears where the page is, once it is there. */
  readonly onStart?: ((url: string) => void) | undefined;
};

/** How long to wait for another process that uses the same link, in milliseconds. */
const patienceMs = 5000;

/**
 * The page of a fleet for operators, until the signal aborts: it shows and orders, and syncs nothing itself.
 *
 * @throws ContactSyncError for what a person must mend before it can begin: a package that is not installed, no key, a
 *   database that does not answer, a port that is taken, an address that anybody could come to
 */
export async function serveFleet(serving: ServingFleet): Promise<void> {
  const { url, actor, env, cwd, signal, web, clock = systemClock, logLevel = 'info' } = serving;
  const { proxy, command } = web;
  const startWeb = await (web.load ?? loadWeb)(cwd);
  if (startWeb === null) {
    throw new ContactSyncError('connector_missing', 'The page is not installed.', {
      hint: `Install it: ${installWeb}`,
    });
  }
  checkReach(serving.listen, proxy);
  const openFleet = serving.openFleet ?? (await loadFleet(cwd)).openFleet;
  const { jsonLog } = await import('../serve/json-log.js');
  const log = jsonLog(logLevel, serving.write, () => new Date(clock.now()));
  const keys = await keyRing({ env, cwd, signal });
  const fleet = await openFleet({ url, actor, env, cwd, signal });
  const vault = await openVault({ address: url, book: 'default', cwd }, { waitMs: patienceMs });
  const links = sealedVault(vault, keys);
  const begun: { page: Web | null } = { page: null };
  try {
    const listening = await listen(
      serving.listen,
      { status: () => [], problems: () => (begun.page === null ? ['It is starting.'] : []) },
      null,
      clock.now,
      (request, response) =>
        begun.page === null ? answerThatItStarts(request, response) : begun.page.handle(request, response),
    );
    try {
      const useLink = (token: string) => usePageLink(links, token, clock.now(), 'fleet');
      begun.page = await startWeb({
        fleet,
        access: proxy === null ? { by: 'link', useLink, command } : { by: 'proxy', proxy },
        ...{ clock, log, version: version() },
      });
      log.info({ listen: listening.url }, 'started');
      const holder = { user: actor, role: 'administrator' } as const;
      await tellOfPage(web, log, listening.url, () => makePageLink(links, holder, clock.now(), 'fleet'));
      serving.onStart?.(listening.url);
      await aborted(signal);
    } finally {
      await inTime(begun.page?.close());
      await listening.close();
      log.info({}, 'ended');
    }
  } finally {
    await Promise.allSettled([vault.close(), fleet.close()]);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
}
