import { faults } from '@contact-sync/connector-bgl/mock';
import { ContactSyncError, planPause, planResume } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { listeningSink, serving } from '../../test/serving.js';
import { defaultAlertSettings } from '../alerts/alerts.js';
import { storedKey, writeStored } from '../connections/stored.js';
import { newKey } from '../secrets/keys.js';
import { removeSealed } from '../secrets/sealed-vault.js';
import { jsonLog } from './json-log.js';
import { changeKept } from './kept.js';
import { servedBook } from './served-book.js';
import { note, send } from './tell.js';
import type { Ended } from './types.js';
import { newWatched } from './watched.js';

const start = Date.parse('2026-03-02T00:00:00Z');
const hour = 3_600_000;
const day = 24 * hour;

/** Who was synced when, in hours and minutes. */
function listening() {
  const ended: Ended[] = [];
  const words = () =>
    ended.map(({ source, at, outcome, ...rest }) => {
      const word = outcome === 'failed' && 'error' in rest ? rest.error.code : outcome;
      return `${at.slice(11, 16)} ${source.slice(0, 3)} ${word}`;
    });
  return { watcher: { ended: (one: Ended) => void ended.push(one) }, words, ended };
}

test('a sign-in that a paused connection does not use is told after 45 days, once, and again when it is used', async () => {
  const { sink, got } = listeningSink('mail');
  const served = await serving(start, { sinks: [sink], lookMs: 6 * hour });
  const { store, sources, clock } = served;
  const signed = () => ({ actor: 'person', at: new Date(clock.now()).toISOString(), why: null });
  await served.connect('xpm');
  served.begin();
  await served.until(start + 60_000);
  await store.apply(await planPause(store, sources.xpm, signed()));
  await served.until(start + 44 * day);
  expect(got).toEqual([]);
  await served.until(start + 47 * day);
  // A restart repeats nothing.
  await served.end();
  served.begin();
  await served.until(start + 50 * day);
  await store.apply(await planResume(store, sources.xpm, signed()));
  await served.until(start + 51 * day);
  await served.end();
  expect(got.map(({ alert }) => alert.kind)).toEqual(['unused', 'recovered']);
  expect(got[0]?.alert.at.slice(0, 10)).toBe('2026-04-16');
});

test('what is new, changed and gone is noticed without a restart', async () => {
  const { watcher, words } = listening();
  const served = await serving(start, { watchers: [watcher], lookMs: 60_000 });
  const { sealed, vault, stored, sources, until } = served;
  served.begin();
  await until(start + 10 * 60_000);
  expect(words()).toEqual([]);
  await served.connect('bgl');
  await until(start + 20 * 60_000);
  const schedule = '50 * * * * UTC';
  await writeStored(sealed, 'default', sources.bgl, { ...stored.bgl, schedule });
  await until(start + 3 * hour);
  await removeSealed(vault, storedKey('default', sources.bgl));
  await until(start + 6 * hour);
  await served.end();
  // The look that notices it comes within a minute.
  expect(words()).toEqual(['00:10 bgl applied', '00:50 bgl unchanged', '01:50 bgl unchanged', '02:50 bgl unchanged']);
  expect(await vault.keys('serve:')).toEqual([]);
});

test('a person may sync by hand every five minutes', async () => {
  const { watcher, words } = listening();
  const served = await serving(start, { watchers: [watcher] });
  const { sources, until } = served;
  await served.connect('bgl');
  const service = served.begin();
  await until(start + 60_000);
  const ask = () => service.resync('default', sources.bgl);
  expect(ask()).toEqual({ started: false, why: 'too_soon', possibleAt: '2026-03-02T00:05:00.000Z' });
  await until(start + 5 * 60_000);
  expect(ask()).toEqual({ started: true });
  expect(ask()).toEqual({ started: false, why: 'running', possibleAt: null });
  await until(start + 6 * 60_000);
  expect(ask()).toMatchObject({ why: 'too_soon', possibleAt: '2026-03-02T00:10:00.000Z' });
  expect(service.resync('default', 'xpm:none')).toMatchObject({ why: 'unknown' });
  expect(service.resync('other', sources.bgl)).toMatchObject({ why: 'unknown' });
  await until(start + hour);
  await served.end();
  expect(ask()).toMatchObject({ started: false, why: 'stopping' });
  expect(words()).toEqual(['00:00 bgl applied', '00:05 bgl unchanged', '00:32 bgl unchanged']);
});

test('a run of another process is left alone, and not repeated', async () => {
  const { sink, got } = listeningSink('mail');
  const { watcher, words } = listening();
  const served = await serving(start, { watchers: [watcher], sinks: [sink] });
  const { vault, sources, until } = served;
  await served.connect('bgl');
  served.begin();
  await until(start + 60_000);
  const key = JSON.stringify(['run', 'default', sources.bgl]);
  await vault.locked(key, () => until(start + 4 * hour));
  await until(start + 5 * hour);
  await served.end();
  expect(words()).toEqual([
    '00:00 bgl applied',
    '00:32 bgl locked',
    '01:32 bgl locked',
    '02:32 bgl locked',
    '03:32 bgl locked',
    '04:32 bgl unchanged',
  ]);
  expect(got).toEqual([]);
});

test('while another process sends alerts the service waits, and sends none again that was sent', async () => {
  const { sink, got } = listeningSink('mail');
  const served = await serving(start, { sinks: [sink] });
  const { vault, sources, until } = served;
  await served.connect('bgl');
  served.systems.bgl.expireToken();
  let sentMeanwhile = 0;
  await vault.locked(`sending:${JSON.stringify(['default', sources.bgl])}`, async () => {
    served.begin();
    await until(start + 60_000);
    sentMeanwhile = got.length;
    await changeKept(vault, 'default', sources.bgl, (kept) => ({ ...kept, outbox: [] }));
  });
  await until(start + 30 * 60_000);
  await served.end();
  expect(sentMeanwhile).toBe(0);
  expect(got).toEqual([]);
});

test('what a process that was sending left is sent ten seconds later', async () => {
  const { sink, got } = listeningSink('mail');
  const served = await serving(start, { sinks: [sink] });
  const { vault, sources, until } = served;
  await served.connect('bgl');
  served.systems.bgl.expireToken();
  await vault.locked(`sending:${JSON.stringify(['default', sources.bgl])}`, async () => {
    served.begin();
    await until(start + 61_000);
  });
  expect(got).toEqual([]);
  await until(start + 72_000);
  await served.end();
  expect(got.map(({ alert }) => alert.kind)).toEqual(['reconnect']);
});

test('what another process has sent since the last look is not sent again', async () => {
  const { sink, got } = listeningSink('mail');
  const { open, env, vault, sources, clock } = await serving(start);
  const { signal } = new AbortController();
  const cwd = process.cwd();
  const book = servedBook({ store: 'sqlite:never-opened.db', book: 'default' }, { env, cwd, signal, open }, clock.now);
  const watched = newWatched('default', sources.bgl, start);
  const log = jsonLog(
    'error',
    () => {},
    () => new Date(start),
  );
  const world = { now: clock.now, signal, sinks: [sink], settings: defaultAlertSettings, log, watchers: [] };
  const at = new Date(start).toISOString();
  await note(book, watched, { type: 'failed', at, code: 'source_reconnect' }, world);
  expect(watched.kept.outbox).toHaveLength(1);
  await changeKept(vault, 'default', sources.bgl, (kept) => ({ ...kept, outbox: [] }));
  await send(book, watched, world);
  expect(got).toEqual([]);
});

test('keys that do not open what is stored are got anew every five minutes at most', async () => {
  const served = await serving(start);
  const { open, sources } = served;
  await served.connect('bgl');
  const { signal } = new AbortController();
  const env = { ...served.env, CONTACT_SYNC_KEY: newKey() };
  let now = start;
  const place = { env, cwd: process.cwd(), signal, open };
  const book = servedBook({ store: 'sqlite:never-opened.db', book: 'default' }, place, () => now);
  await expect(book.stored(sources.bgl)).rejects.toMatchObject({ code: 'key_wrong' });
  Object.assign(env, served.env);
  now = start + 5 * 60_000 - 1;
  await expect(book.stored(sources.bgl)).rejects.toMatchObject({ code: 'key_wrong' });
  now += 1;
  // Two at once: neither fails because the other one is getting them.
  const both = await Promise.all([book.stored(sources.bgl), book.stored(sources.bgl)]);
  expect(both).toMatchObject([{ connector: 'bgl' }, { connector: 'bgl' }]);
});

test('while the store does not answer the service is not well; it tells so, and goes on by itself', async () => {
  const { watcher, words } = listening();
  const { sink, got } = listeningSink('mail');
  let down = false;
  const broken = () => {
    if (down) throw new ContactSyncError('store_failed', 'The store is gone.', { hint: 'Wait.' });
  };
  const world = await serving(start);
  const served = await serving(start, {
    watchers: [watcher],
    sinks: [sink],
    env: world.env,
    open: async () => {
      broken();
      const { store, vault, eager } = await world.open();
      const head = async () => {
        broken();
        return await store.head();
      };
      return { store: { ...store, head }, vault, eager };
    },
    load: world.load,
  });
  await world.connect('bgl');
  const service = served.begin();
  await served.until(start + 60_000);
  expect(service.problems()).toEqual([]);
  down = true;
  await served.until(start + 3 * hour);
  expect(service.problems()).toEqual(['The store of default does not answer: store_failed.']);
  expect(got.map(({ alert }) => alert)).toEqual([
    { kind: 'failing', at: '2026-03-02T02:32:11.000Z', failures: 3, code: 'store_failed' },
  ]);
  down = false;
  await served.until(start + 5 * hour);
  expect(service.problems()).toEqual([]);
  await served.end();
  expect(words()).toEqual([
    '00:00 bgl applied',
    ...['00:32', '01:32', '02:32'].map((time) => `${time} bgl store_failed`),
    ...['03:32', '04:32'].map((time) => `${time} bgl unchanged`),
  ]);
  expect(got.map(({ alert }) => alert.kind)).toEqual(['failing', 'recovered']);
  const texts = served.lines.map((line) => JSON.parse(line).text as string);
  expect(texts.filter((text) => text === 'the store does not answer')).toHaveLength(1);
  expect(texts.filter((text) => text === 'the store answers again')).toHaveLength(1);
});

test('a limit is remembered when the service is started again', async () => {
  const { watcher, words } = listening();
  const served = await serving(start, { watchers: [watcher] });
  await served.connect('bgl');
  served.begin();
  await served.until(start + 60_000);
  served.systems.bgl.fault(faults.limited('today', 9000));
  // It is met at 00:32:11, and ends at 03:02:11.
  await served.until(start + hour);
  await served.end();
  served.begin();
  await served.until(start + 4 * hour);
  await served.end();
  expect(words()).toEqual([
    '00:00 bgl applied',
    '00:32 bgl source_rate_limited',
    '03:02 bgl unchanged',
    '03:32 bgl unchanged',
  ]);
});

test('no more runs at once than are allowed, and never two of one connection', async () => {
  let most = 0;
  let now = 0;
  const running = new Set<string>();
  const served = await serving(start, {
    atOnce: 2,
    load: async (name) => {
      const connector = await served.load(name);
      return {
        ...connector,
        create(settings) {
          const source = connector.create(settings);
          return {
            source: source.source,
            async *read(options) {
              expect(running.has(source.source)).toBe(false);
              running.add(source.source);
              now += 1;
              most = Math.max(most, now);
              try {
                return yield* source.read(options);
              } finally {
                now -= 1;
                running.delete(source.source);
              }
            },
          };
        },
      };
    },
  });
  for (const name of ['xpm', 'fyi', 'bgl'] as const) {
    await writeStored(served.sealed, 'default', served.sources[name], { ...served.stored[name], schedule: null });
  }
  served.begin();
  await served.until(start + 3 * hour);
  await served.end();
  expect(most).toBe(2);
  expect((await served.store.runs({ limit: 50 })).runs).toHaveLength(3 * 4);
});

test('of a sink that does not take an alert, codes are logged and no address', async () => {
  const refusals = [
    new Error('It answered 500.'),
    Object.assign(new Error('canary: no login'), { code: 'EAUTH' }),
    new TypeError('fetch failed', { cause: Object.assign(new Error('canary'), { code: 'ECONNREFUSED' }) }),
    new Error('https://canary.example said no'),
  ];
  const served = await serving(start, {
    sinks: [
      {
        name: 'hook',
        send: async () => {
          throw refusals.shift() ?? new Error('Enough.');
        },
      },
    ],
  });
  await served.connect('bgl');
  served.systems.bgl.expireToken();
  served.begin();
  await served.until(start + 2 * hour);
  await served.end();
  const lines = served.lines.map((line) => JSON.parse(line));
  const refused = lines.filter(({ text }) => text === 'an alert was not taken');
  // At once, and after 1, 5 and 30 minutes.
  expect(refused.map(({ at, why }) => `${at.slice(11, 16)} ${why}`)).toEqual([
    '00:00 It answered 500.',
    '00:01 EAUTH',
    '00:06 ECONNREFUSED',
    '00:36 Error',
  ]);
  expect(JSON.stringify(lines)).not.toContain('canary');
});
