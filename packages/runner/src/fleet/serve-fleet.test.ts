import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newKey } from '../secrets/keys.js';
import type { WebOptions } from '../serve/web.js';
import { type ServingFleet, serveFleet } from './serve-fleet.js';
import type { Fleet } from './types.js';

let folder: string;
const done: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  await sqliteStore({ file: join(folder, 'contacts.db'), create: true }).close();
  done.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nobody = async () => {
  throw new Error('Nobody asks for this here.');
};
const fleet: Fleet = {
  ...{ status: nobody, firms: nobody, count: nobody, top: nobody, order: nobody },
  ...{ pause: nobody, resume: nobody, retry: nobody, importBook: nobody, eraseBook: nobody },
  exportBook: () => {
    throw new Error('Nobody asks for this here.');
  },
  close: async () => void done.push('fleet'),
};

/** The page of a fleet that does nothing, whose links are in a file: until it has begun. */
async function served(given: Partial<ServingFleet>, web: Partial<ServingFleet['web']> = {}) {
  const stop = new AbortController();
  const shown: string[] = [];
  const log: string[] = [];
  const begun: WebOptions[] = [];
  let page = '';
  await serveFleet({
    ...{ url: 'sqlite:contacts.db', actor: 'grace', cwd: folder, env: { CONTACT_SYNC_KEY: newKey() } },
    signal: stop.signal,
    listen: { host: '127.0.0.1', port: 0 },
    write: (line) => void log.push(line),
    openFleet: async () => fleet,
    web: {
      ...{ proxy: null, command: 'contact-sync fleet open', show: (text: string) => void shown.push(text) },
      load: async () => async (options) => {
        begun.push(options);
        const { access } = options;
        return {
          handle: (request, response) => {
            if (access.by !== 'link') return void response.end('proxied');
            const token = new URL(request.url ?? '', 'http://localhost').searchParams.get('token') ?? '';
            void access.useLink(token).then((holder) => response.end(JSON.stringify(holder)));
          },
          close: async () => void done.push('page'),
        };
      },
      ...web,
    },
    onStart: (url) => {
      const link = /http:\S+token=\S+/.exec(shown.join(''))?.[0] ?? url;
      const twice = async () => {
        for (let times = 0; times < 2; times += 1) page += await (await fetch(link)).text();
        page += (await fetch(`${url}/healthz`)).status;
        stop.abort();
      };
      twice().catch((error: unknown) => stop.abort(error));
    },
    ...given,
  });
  return { shown: shown.join(''), log: log.join(''), begun, page };
}

test('whoever starts it at a terminal gets a link, which lets them in once; it ends whole', async () => {
  const { shown, log, begun, page } = await served({});
  expect(shown).toContain('For another: contact-sync fleet open');
  expect(log).not.toContain('token');
  expect(page).toBe('{"user":"grace","role":"administrator"}null200');
  expect(begun[0]).toMatchObject({ fleet, access: { by: 'link', command: 'contact-sync fleet open' } });
  expect(done).toEqual(['page', 'fleet']);
});

test('without a terminal no link is made, and none is in the log', async () => {
  const { log } = await served({}, { show: null });
  expect(log).toMatch(/The page: http:\/\/127\.0\.0\.1:\d+ \(a link to come in: contact-sync fleet open\)/);
});

test('what has to be installed is said, before anything is opened', async () => {
  await expect(served({}, { load: async () => null })).rejects.toMatchObject({
    code: 'connector_missing',
    hint: 'Install it: npm install @contact-sync/web',
  });
  expect(done).toEqual([]);
});

test('the network is let in by a proxy alone', async () => {
  const listen = { host: '0.0.0.0', port: 0 };
  await expect(served({ listen })).rejects.toMatchObject({ code: 'setting_invalid' });
  expect(done).toEqual([]);
});
