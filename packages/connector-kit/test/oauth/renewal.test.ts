import { HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { anySignal, bodyOf, day, faultOf, key, minute, world } from './setup.js';

const signal = anySignal();
const refreshes = ({ fake }: Pick<ReturnType<typeof world>, 'fake'>) =>
  fake.exchanges.filter(({ grantType }) => grantType === 'refresh_token');

test('a token is used for as long as it is good, and asked for nowhere', async () => {
  const here = world();
  await here.connect();
  const tokens = here.process();
  const first = await tokens.get({ signal });
  here.pass(24 * minute);
  expect(await tokens.get({ signal })).toBe(first);
  expect(await here.process().get({ signal })).toBe(first);
  expect(refreshes(here)).toEqual([]);
});

test.each([
  // The vendor's seconds, then what is left of them when it is renewed: a tenth, or five minutes, or half of a short life.
  ['half an hour', 1800, 5 * minute],
  ['seven days', 604_800, 60_480_000],
  ['two minutes', 120, minute],
  ['two seconds', 2, 1000],
])('of %s it is renewed when so much is left, and not before', async (_, lifeSeconds, left) => {
  const here = world({ lifeSeconds });
  await here.connect();
  const tokens = here.process();
  const first = await tokens.get({ signal });
  here.pass(lifeSeconds * 1000 - left - 1);
  expect(await tokens.get({ signal })).toBe(first);
  here.pass(1);
  const second = await tokens.get({ signal });
  expect(second).not.toBe(first);
  expect(here.fake.look(second).is).toBe('good');
  expect(refreshes(here)).toHaveLength(1);
  expect(await here.kept()).toMatchObject({ accessToken: second, begunAt: null, renewedAt: here.now().toISOString() });
});

test('seconds are counted from when they were asked for, however slow the answer', async () => {
  const here = world();
  await here.connect();
  here.pass(26 * minute);
  const asked = here.now().getTime();
  here.fake.fault(
    (right) => {
      here.pass(15_000);
      return right;
    },
    { times: 1 },
  );
  await here.process().get({ signal });
  expect((await here.kept()).endsAt).toBe(new Date(asked + 30 * minute).toISOString());
});

test.each([
  ['no word of it', {}],
  ['null', { expires_in: null }],
  ['nonsense', { expires_in: 'soon' }],
  ['zero', { expires_in: 0 }],
])('a life of %s: the token is kept, and renewed when it is refused', async (_, said) => {
  const here = world();
  await here.connect();
  here.pass(26 * minute);
  here.fake.fault(async (right) => {
    const { expires_in: _, ...body } = await bodyOf(right);
    return HttpResponse.json({ ...body, ...said });
  });
  const tokens = here.process();
  const token = await tokens.get({ signal });
  expect(await here.kept()).toMatchObject({ endsAt: null });
  here.pass(29 * minute);
  expect(await tokens.get({ signal })).toBe(token);
  expect(await tokens.refused(token, { signal })).toBe(true);
  expect(await tokens.get({ signal })).not.toBe(token);
  expect(refreshes(here)).toHaveLength(2);
});

test.each([
  ['seconds as text', (body: object) => HttpResponse.json({ ...body, expires_in: '1800' })],
  ['an id_token that is none', (body: object) => HttpResponse.json({ ...body, id_token: 'x' })],
  ['no token_type', (body: object) => HttpResponse.json({ ...body, token_type: undefined })],
  ['a type that is not JSON', (body: object) => HttpResponse.text(JSON.stringify(body))],
  [
    'another charset',
    (body: object) =>
      new HttpResponse(JSON.stringify(body), { headers: { 'content-type': 'application/json; charset=iso-8859-1' } }),
  ],
  ['status 201', (body: object) => HttpResponse.json(body, { status: 201 })],
])('an answer with %s holds the one good refresh token, and is taken', async (_, mangled) => {
  const here = world();
  await here.connect();
  const before = await here.kept();
  here.pass(26 * minute);
  here.fake.fault(async (right) => mangled(await bodyOf(right)));
  expect(here.fake.look(await here.process().get({ signal })).is).toBe('good');
  expect((await here.kept()).refreshToken).not.toBe(before.refreshToken);
  expect(refreshes(here)).toHaveLength(1);
});

test.each([
  ['none', {}],
  ['null', { refresh_token: null }],
  ['an empty one', { refresh_token: '' }],
])('an answer with %s in place of a refresh token leaves the old one', async (_, said) => {
  const here = world({ rotates: false, vendor: { graceMs: 0 } });
  await here.connect();
  const { refreshToken } = await here.kept();
  for (let round = 0; round < 3; round += 1) {
    here.pass(26 * minute);
    here.fake.fault(async (right) => HttpResponse.json({ ...(await bodyOf(right)), ...said }));
    expect(here.fake.look(await here.process().get({ signal })).is).toBe('good');
    expect((await here.kept()).refreshToken).toBe(refreshToken);
  }
  expect(refreshes(here).map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('a token that was refused is renewed before its time, once for all who were refused', async () => {
  const here = world();
  await here.connect();
  const [one, other] = [here.process(), here.process()];
  const token = await one.get({ signal });
  await other.get({ signal });
  here.fake.revoke(token);
  expect(await one.refused(token, { signal })).toBe(true);
  expect(await other.refused(token, { signal })).toBe(true);
  expect(await other.refused(token, { signal })).toBe(true);
  expect(await other.get({ signal })).toBe(await one.get({ signal }));
  expect(refreshes(here)).toHaveLength(1);
});

test('a vendor that gives the same token again: asking once more would be no better', async () => {
  const here = world();
  await here.connect();
  const tokens = here.process();
  const token = await tokens.get({ signal });
  here.fake.fault(async (right) => HttpResponse.json({ ...(await bodyOf(right)), access_token: token }));
  expect(await tokens.refused(token, { signal })).toBe(false);
});

test('many at once in one process make one exchange', async () => {
  const here = world();
  await here.connect();
  here.pass(31 * minute);
  const tokens = here.process();
  const all = await Promise.all(Array.from({ length: 20 }, () => tokens.get({ signal })));
  expect(new Set(all).size).toBe(1);
  expect(refreshes(here)).toHaveLength(1);
});

test('many processes at once make one exchange; those who wait take what the first one got', async () => {
  // Waiting moves the time; a lock is kept for as long as its holder works.
  const here = world({ vendor: { graceMs: 0 }, leaseMs: day });
  await here.connect();
  here.pass(31 * minute);
  here.whileWaiting(() => new Promise((resolve) => setImmediate(resolve)));
  const processes = Array.from({ length: 8 }, () => here.process());
  const all = await Promise.all(processes.map((tokens) => tokens.get({ signal })));
  expect(new Set(all).size).toBe(1);
  expect(refreshes(here).map(({ status }) => status)).toEqual([200]);
});

test('one who waits takes it before the lock is free', async () => {
  const here = world();
  await here.connect();
  here.pass(31 * minute);
  const held = Promise.withResolvers<void>();
  const holding = here.vault.locked(key, async ({ value, save }) => {
    const taken = Promise.withResolvers<void>();
    here.whileWaiting(async () => {
      const kept = JSON.parse(value ?? '');
      await save(JSON.stringify({ ...kept, accessToken: 'theirs', endsAt: '2026-03-01T12:00:00.000Z' }));
      taken.resolve();
    });
    await taken.promise;
    await held.promise;
  });
  expect(await here.process().get({ signal })).toBe('theirs');
  expect(here.waits).toHaveLength(1);
  held.resolve();
  await holding;
  expect(refreshes(here)).toEqual([]);
});

test('a lock that nobody gives back is waited for three minutes, and no longer', async () => {
  const here = world();
  await here.connect();
  here.pass(31 * minute);
  const work = here.process({
    ...here.vault,
    locked: async () => {
      throw Object.assign(new Error('locked'), { name: 'ContactSyncError', code: 'locked', hint: 'Wait.' });
    },
  });
  const before = here.now().getTime();
  expect((await faultOf(work.get({ signal }))).code).toBe('locked');
  const waited = here.now().getTime() - before;
  expect(waited).toBeGreaterThanOrEqual(3 * minute);
  expect(waited).toBeLessThan(3 * minute + 1000);
  expect(Math.max(...here.waits)).toBeLessThanOrEqual(250);
});

test('sixty days without use end a grant; any use starts them again', async () => {
  const here = world();
  await here.connect();
  here.pass(59 * day);
  await here.process().get({ signal });
  here.pass(59 * day);
  await here.process().get({ signal });
  expect(await here.opened().state({ vault: here.vault, key })).toEqual({
    grantedAt: '2026-03-01T10:00:00.000Z',
    renewedAt: '2026-06-27T10:00:00.000Z',
    tokenEndsAt: '2026-06-27T10:30:00.000Z',
    endsAt: '2026-08-26T10:00:00.000Z',
    renewingSince: null,
  });
  here.pass(60 * day + 1);
  expect(await faultOf(here.process().get({ signal }))).toMatchObject({ code: 'source_reconnect' });
});
