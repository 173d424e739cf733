import { HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { anySignal, canary, faultOf, key, minute, world } from './setup.js';

const signal = anySignal();
const refreshes = ({ fake }: Pick<ReturnType<typeof world>, 'fake'>) =>
  fake.exchanges.filter(({ grantType }) => grantType === 'refresh_token');

/** Connected, and the token has ended. */
async function late(options: Parameters<typeof world>[0] = {}) {
  const here = world(options);
  await here.connect();
  here.pass(31 * minute);
  return { ...here, before: await here.kept() };
}

const passing: [string, () => Response, string][] = [
  ['a reset', () => HttpResponse.error(), 'source_unreachable'],
  ['503 with a page', () => new HttpResponse(`<html>${canary}</html>`, { status: 503 }), 'source_unavailable'],
  ['500 without a body', () => new HttpResponse(null, { status: 500 }), 'source_unavailable'],
  [
    'an error that says it passes',
    () => HttpResponse.json({ error: 'temporarily_unavailable', error_description: canary }, { status: 400 }),
    'source_unavailable',
  ],
  [
    'a limit of requests',
    () => new HttpResponse(null, { status: 429, headers: { 'retry-after': '7' } }),
    'source_rate_limited',
  ],
  ['half an answer', () => HttpResponse.text(`{"access_token":"${canary}","refr`), 'source_unreadable'],
  ['a page with status 200', () => HttpResponse.text(`<html>${canary}</html>`), 'source_unreadable'],
  ['an empty answer', () => HttpResponse.text(''), 'source_unreadable'],
  ['JSON without a token', () => HttpResponse.json({ refresh_token: canary }), 'source_unreadable'],
  [
    'a body that is cut',
    () => new HttpResponse(`{"access_token":"${canary}`, { headers: { 'content-length': '500' } }),
    'source_incomplete',
  ],
];

test.each(passing)('%s, whose answer is lost: the old token is sent again, within the grace', async (_, fault) => {
  const here = await late();
  here.fake.fault(fault);
  const token = await here.process().get({ signal });
  expect(here.fake.look(token).is).toBe('good');
  expect(refreshes(here)).toHaveLength(2);
  expect(here.waits).toHaveLength(1);
  expect(await here.kept()).toMatchObject({ accessToken: token, begunAt: null });
});

test.each(passing)('%s that stays: four tries, an error, and the old token is kept', async (_, fault, code) => {
  const here = await late();
  here.fake.fault(fault, { before: true, times: 4 });
  const error = await faultOf(here.process().get({ signal }));
  expect(error.code).toBe(code);
  expect(refreshes(here)).toHaveLength(4);
  const { before } = here;
  expect(await here.kept()).toEqual({ ...before, begunAt: expect.stringMatching(/^2026-03-01T10:31:00/) });
  // The server is back.
  expect(here.fake.look(await here.process().get({ signal })).is).toBe('good');
});

test('what a server asks to wait is waited, and more than 90 seconds is not', async () => {
  const here = await late();
  const limited = (seconds: string) => () =>
    new HttpResponse(null, { status: 429, headers: { 'retry-after': seconds } });
  here.fake.fault(limited('7'), { before: true });
  await here.process().get({ signal });
  expect(here.waits).toEqual([7000]);

  const again = await late();
  again.fake.fault(limited('91'), { before: true });
  expect((await faultOf(again.process().get({ signal }))).code).toBe('source_rate_limited');
  expect(again.waits).toEqual([]);
});

test('a server that is away ahead of the end stops nobody: the old token is used while it lasts', async () => {
  const here = world();
  await here.connect();
  const tokens = here.process();
  const first = await tokens.get({ signal });
  here.pass(26 * minute);
  here.fake.fault(() => HttpResponse.error(), { before: true, times: 1000 });
  expect(await tokens.get({ signal })).toBe(first);
  expect(refreshes(here)).toHaveLength(4);
  // And is not asked at every request.
  expect(await tokens.get({ signal })).toBe(first);
  expect(refreshes(here)).toHaveLength(4);
  here.pass(31_000);
  expect(await tokens.get({ signal })).toBe(first);
  expect(refreshes(here)).toHaveLength(8);
  here.pass(3 * minute);
  expect((await faultOf(tokens.get({ signal }))).code).toBe('source_unreachable');
});

test.each<[string, () => Response, string, string]>([
  [
    'the app is not known',
    () => HttpResponse.json({ error: 'invalid_client', error_description: canary }, { status: 401 }),
    'source_forbidden',
    'Acme does not know the app, or not by this secret.',
  ],
  [
    'a challenge',
    () => new HttpResponse(null, { status: 401, headers: { 'www-authenticate': `Basic realm="${canary}"` } }),
    'source_forbidden',
    'Acme does not know the app, or not by this secret.',
  ],
  [
    'a scope that is not allowed',
    () => HttpResponse.json({ error: 'invalid_scope' }, { status: 400 }),
    'source_forbidden',
    'The app may not ask Acme for this: offline_access people.read.',
  ],
  [
    'a firewall',
    () => new HttpResponse(`<html>${canary}</html>`, { status: 403 }),
    'source_refused',
    'POST https://id.acme.example/token was answered with status 403.',
  ],
  [
    'a redirect, which is not followed',
    () => HttpResponse.redirect('https://id.acme.example/elsewhere', 307),
    'source_redirected',
    'POST https://id.acme.example/token was sent on to https://id.acme.example, where nothing was sent.',
  ],
  [
    'an answer without end',
    () => HttpResponse.text(canary.repeat(10_000)),
    'source_too_large',
    'The answer to POST https://id.acme.example/token is larger than allowed: more than 65536 bytes.',
  ],
])('%s: told at once, and the connection is kept', async (_, fault, code, message) => {
  const here = await late();
  here.fake.fault(fault, { before: true });
  const error = await faultOf(here.process().get({ signal }));
  expect([error.code, error.message]).toEqual([code, message]);
  expect(refreshes(here)).toHaveLength(1);
  expect((await here.kept()).refreshToken).toBe(here.before.refreshToken);
  expect(here.fake.look(await here.process().get({ signal })).is).toBe('good');
});

test('a grant that ended: asked once, the store is looked at once more, and a person is told what to do', async () => {
  const here = await late();
  here.fake.endAll();
  let reads = 0;
  const tokens = here.process({
    ...here.vault,
    read: async (name) => {
      reads += 1;
      return await here.vault.read(name);
    },
  });
  const error = await faultOf(tokens.get({ signal }));
  expect([error.code, error.message, error.hint]).toEqual([
    'source_reconnect',
    'Acme does not accept the connection any more. A person has to connect it again.',
    'Run: contact-sync connect acme',
  ]);
  expect([refreshes(here).length, reads]).toEqual([1, 2]);
  // No loop: not again in this process, and nothing was thrown away.
  expect((await faultOf(tokens.get({ signal }))).code).toBe('source_reconnect');
  expect((await faultOf(tokens.refused(here.before.accessToken, { signal }))).code).toBe('source_reconnect');
  expect(refreshes(here)).toHaveLength(1);
  expect((await here.kept()).refreshToken).toBe(here.before.refreshToken);
  // Until a person has done it.
  await here.connect();
  expect(here.fake.look(await tokens.get({ signal })).is).toBe('good');
});

test('a grant that ended, and another process has a newer one meanwhile: that one is used', async () => {
  const here = await late();
  const pair = here.fake.grant();
  const theirs = {
    ...here.before,
    refreshToken: pair.refreshToken,
    accessToken: pair.accessToken,
    renewedAt: '2026-03-01T10:31:00.000Z',
    endsAt: '2026-03-01T11:01:00.000Z',
  };
  here.fake.fault(
    async () => {
      // This process was silent for too long; its lock is another's by now.
      here.pass(2 * minute);
      await here.vault.locked(key, async ({ save }) => save(JSON.stringify(theirs)));
      return HttpResponse.json(
        { error: 'invalid_grant', error_description: `Invalid refresh token: ${canary}` },
        { status: 400 },
      );
    },
    { before: true },
  );
  expect(await here.process().get({ signal })).toBe(pair.accessToken);
  expect(refreshes(here)).toHaveLength(1);
});

test.each([
  ['rotates', true],
  ['keeps', false],
])(
  'a process that was silent while another renewed drops its own, at a vendor that %s refresh tokens',
  async (_, rotates) => {
    const here = await late({ rotates });
    const other = here.process();
    here.fake.fault(async (right) => {
      here.pass(2 * minute);
      await other.get({ signal });
      return right;
    });
    const token = await here.process().get({ signal });
    expect(await here.kept()).toMatchObject({ accessToken: token, begunAt: null });
    expect(await other.get({ signal })).toBe(token);
    expect(here.fake.look(token).is).toBe('good');
    expect(refreshes(here)).toHaveLength(2);
  },
);

test('a process that lost its lock and nobody took it has its answer saved all the same', async () => {
  const here = await late({ vendor: { graceMs: 0 } });
  here.fake.fault(async (right) => {
    here.pass(2 * minute);
    await here.vault.locked(key, async () => {});
    return right;
  });
  const token = await here.process().get({ signal });
  expect(await here.kept()).toMatchObject({ accessToken: token, begunAt: null });
  expect(refreshes(here).map(({ status }) => status)).toEqual([200]);
});

test('an answer that cannot be saved is not used, not forgotten, and saved as soon as it can be', async () => {
  const here = await late({ vendor: { graceMs: 0 } });
  let broken = true;
  const tokens = here.process({
    ...here.vault,
    locked: (name, work) =>
      here.vault.locked(name, (held) =>
        work({
          ...held,
          save: async (value) => {
            if (broken && value?.includes('"begunAt":null') === true) {
              throw Object.assign(new Error('The disk is full.'), {
                name: 'ContactSyncError',
                code: 'store_failed',
                hint: 'Make room.',
              });
            }
            await held.save(value);
          },
        }),
      ),
  });
  for (let round = 0; round < 3; round += 1) {
    expect((await faultOf(tokens.get({ signal }))).code).toBe('store_failed');
  }
  broken = false;
  const token = await tokens.get({ signal });
  expect(here.fake.look(token).is).toBe('good');
  expect((await here.kept()).accessToken).toBe(token);
  expect(refreshes(here)).toHaveLength(1);
});

test('a person who connects anew meanwhile wins over an answer that could not be saved', async () => {
  const here = await late();
  here.fake.fault(async (right) => {
    here.pass(2 * minute);
    await here.connect();
    return right;
  });
  const tokens = here.process();
  const token = await tokens.get({ signal });
  expect((await here.kept()).grantedAt).toBe('2026-03-01T10:33:00.000Z');
  expect((await here.kept()).accessToken).toBe(token);
});

test.each([
  ['within the grace', 29 * minute, null],
  [
    'after it',
    30 * minute + 1,
    'Acme does not accept the connection any more. A renewal that began at 2026-03-01T10:31:00.000Z was never finished. A person has to connect it again.',
  ],
])('a process that dies between answer and store: the next one, %s', async (_, later, message) => {
  const here = await late();
  const dead = here.process({
    ...here.vault,
    locked: (name, work) =>
      here.vault.locked(name, (held) =>
        work({
          ...held,
          save: async (value) => {
            if (value?.includes('"begunAt":null') === true) throw new RangeError('killed');
            await held.save(value);
          },
        }),
      ),
  });
  await expect(dead.get({ signal })).rejects.toThrow('killed');
  expect((await here.opened().state({ vault: here.vault, key }))?.renewingSince).toBe('2026-03-01T10:31:00.000Z');
  here.pass(later);
  const work = here.process().get({ signal });
  if (message === null) expect(here.fake.look(await work).is).toBe('good');
  else expect((await faultOf(work)).message).toBe(message);
});

test('a renewal that was begun within the grace is not blamed for a grant that ended', async () => {
  const here = await late();
  const begun = { ...here.before, begunAt: '2026-03-01T10:21:00.000Z' };
  await here.vault.locked(key, ({ save }) => save(JSON.stringify(begun)));
  here.fake.endAll();
  expect((await faultOf(here.process().get({ signal }))).message).toBe(
    'Acme does not accept the connection any more. A person has to connect it again.',
  );
});

test('a renewal that was begun and never finished is taken up at once, though the token is good', async () => {
  const here = world();
  await here.connect();
  const kept = await here.kept();
  await here.vault.locked(key, ({ save }) => save(JSON.stringify({ ...kept, begunAt: '2026-03-01T10:00:00.000Z' })));
  await here.process().get({ signal });
  expect(refreshes(here)).toHaveLength(1);
  expect((await here.kept()).begunAt).toBeNull();
});

test('an exchange that was sent is waited for and saved, though the work is cancelled', async () => {
  const here = await late({ vendor: { graceMs: 0 } });
  const cancel = new AbortController();
  here.fake.fault((right) => {
    cancel.abort();
    return right;
  });
  await Promise.allSettled([here.process().get({ signal: cancel.signal })]);
  expect(here.fake.look((await here.kept()).accessToken).is).toBe('good');
  expect(here.fake.look(await here.process().get({ signal })).is).toBe('good');
  expect(refreshes(here)).toHaveLength(1);
});

test('and also where the lock was lost meanwhile', async () => {
  const here = await late({ vendor: { graceMs: 0 } });
  const cancel = new AbortController();
  here.fake.fault(async (right) => {
    cancel.abort();
    here.pass(2 * minute);
    await here.vault.locked(key, async () => {});
    return right;
  });
  await Promise.allSettled([here.process().get({ signal: cancel.signal })]);
  expect(here.fake.look((await here.kept()).accessToken).is).toBe('good');
  expect(refreshes(here).map(({ status }) => status)).toEqual([200]);
});

test('cancelled before anything was sent: nothing is, also for one who waits for another', async () => {
  const here = await late();
  const gone = AbortSignal.abort();
  expect((await faultOf(here.process().get({ signal: gone }))).code).toBe('cancelled');

  const cancel = new AbortController();
  here.whileWaiting(() => cancel.abort());
  const free = Promise.withResolvers<void>();
  const holding = here.vault.locked(key, () => free.promise);
  expect((await faultOf(here.process().get({ signal: cancel.signal }))).code).toBe('cancelled');
  free.resolve();
  await holding;

  const slow = Promise.withResolvers<Response>();
  here.fake.fault(() => slow.promise);
  const tokens = here.process();
  const first = tokens.get({ signal });
  const waiting = new AbortController();
  const second = tokens.get({ signal: waiting.signal });
  waiting.abort();
  expect((await faultOf(second)).code).toBe('cancelled');
  slow.resolve(new HttpResponse(null, { status: 503 }));
  expect(here.fake.look(await first).is).toBe('good');
  expect(refreshes(here)).toHaveLength(2);
});

test('between two tries the work can be cancelled; the token that was kept is good then', async () => {
  const here = await late();
  const cancel = new AbortController();
  here.fake.fault(() => HttpResponse.error());
  here.whileWaiting(() => cancel.abort());
  expect((await faultOf(here.process().get({ signal: cancel.signal }))).code).toBe('cancelled');
  expect(refreshes(here)).toHaveLength(1);
  expect(here.fake.look(await here.process().get({ signal })).is).toBe('good');
});

test.each([
  ['nothing', null, 'source_reconnect', 'Acme is not connected.'],
  ['an empty text', '', 'source_reconnect', 'Acme is not connected.'],
  ['something else', `{"${canary}":1}`, 'source_reconnect', 'What is kept of the sign-in cannot be read.'],
  ['no JSON', canary, 'source_reconnect', 'What is kept of the sign-in cannot be read.'],
  ['a later version', `{"version":2,"token":"${canary}"}`, 'store_newer', 'written by a newer version'],
])('kept is %s', async (_, text, code, message) => {
  const here = world();
  if (text !== null) await here.vault.locked(key, ({ save }) => save(text));
  const error = await faultOf(here.process().get({ signal }));
  expect(error.code).toBe(code);
  expect(error.message).toContain(message);
  expect(here.fake.exchanges).toEqual([]);
  expect(await here.vault.read(key)).toBe(text);
  if (text === null || text === '') expect(await here.opened().state({ vault: here.vault, key })).toBeNull();
});
