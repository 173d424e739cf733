import { ContactSyncError } from '@contact-sync/core';
import { loadPackage } from '../load-package.js';
import { isLoopback, type Listen } from './http.js';
import type { StartWeb, WebProxy } from './web.js';

const name = '@contact-sync/web';

/** What a person who wants the page types. */
export const installWeb = `npm install ${name}`;

/** The page, where its package is installed. */
export async function loadWeb(cwd: string): Promise<StartWeb | null> {
  const loaded = await loadPackage({ name, subpath: '', cwd, what: 'The page' }).catch((error: unknown) => {
    if (ContactSyncError.is(error) && error.code === 'connector_missing') return null;
    throw error;
  });
  if (loaded === null) return null;
  const { startWeb } = loaded;
  if (isStartWeb(startWeb)) return startWeb;
  throw new ContactSyncError('connector_broken', `${name} does not fit this version of contact-sync.`, {
    hint: `Install it anew: ${installWeb}`,
  });
}

/** @throws ContactSyncError `setting_invalid` where anybody could come to a page that lets in whoever is on this machine */
export function checkReach(listen: Listen, proxy: WebProxy | null): void {
  if (proxy !== null || isLoopback(listen)) return;
  throw new ContactSyncError(
    'setting_invalid',
    `The page would be open to the network at ${listen.host}, and nothing there asks who comes.`,
    {
      hint: 'Listen on 127.0.0.1, put a proxy that signs people in before it (--behind-proxy; docs/web.md), or leave the page out with --no-web.',
    },
  );
}

function isStartWeb(value: unknown): value is StartWeb {
  return typeof value === 'function';
}
