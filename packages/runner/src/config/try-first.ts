import { ContactSyncError } from '@contact-sync/core';
import { connect } from '../connections/connect.js';
import { withSecrets } from '../connections/vaults.js';
import { loadConnector } from '../connectors.js';
import { loadMock } from '../mocks.js';
import type { Place } from '../stores.js';
import type { Terminal } from '../terminal.js';

/** Systems whose fakes are read over HTTP, and so can be there again later. */
const fakes = ['xpm', 'fyi', 'bgl'] as const;

/** Which of them are installed. */
export async function installedFakes(cwd: string): Promise<readonly string[]> {
  const found = await Promise.all(
    fakes.map(async (name) => ((await isThere(() => loadConnector(name, cwd))) ? [name] : [])),
  );
  return found.flat();
}

/** Fakes are made with msw, which comes with no connector. */
export async function canFake(name: string, cwd: string): Promise<boolean> {
  return await isThere(() => loadMock(name, cwd));
}

async function isThere(load: () => Promise<unknown>): Promise<boolean> {
  try {
    await load();
    return true;
  } catch (error) {
    if (ContactSyncError.is(error) && ['connector_missing', 'connector_broken'].includes(error.code)) return false;
    throw error;
  }
}

/**
 * Stores a connection to a made-up practice, which `contact-sync mock` serves on that port whenever it is wanted: with
 * the same address, and secrets that open only it. Gives its source.
 */
export async function connectMocked(terminal: Terminal, place: Place, name: string, port: number): Promise<string> {
  const connector = await loadConnector(name, terminal.cwd);
  const mock = await loadMock(name, terminal.cwd);
  const served = await mock.serve({ port });
  try {
    const its: Terminal = { ...terminal, env: { ...terminal.env, ...served.env } };
    const [connected] = await withSecrets(its, place, 'make', (secrets) =>
      connect(its, secrets, {
        name,
        connector,
        book: place.book,
        settings: served.settings,
        policy: {},
        kind: null,
        tenants: [],
        signIn: false,
        redirect: { port: 0, uri: undefined, browser: false },
        asks: false,
      }),
    );
    return connected?.source ?? '';
  } finally {
    await served.close();
  }
}
