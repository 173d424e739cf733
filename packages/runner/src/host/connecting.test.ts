import { expect, test } from 'vitest';
import { connecting, hosting, place, signed, start, stores } from '../../test/hosting.js';
import { writeStored } from '../connections/stored.js';
import { sealedVault } from '../secrets/sealed-vault.js';

const minute = 60_000;
const hour = 60 * minute;
const fyi = 'fyi:harbour';

/** The sign-in of the fake practice, and one tenant more than it has. */
async function twoTenants() {
  return await hosting({
    changed(connector) {
      const { signIn } = connector;
      if (signIn === undefined) return connector;
      const open: typeof signIn.open = (given) => {
        const opened = signIn.open(given);
        const tenants: typeof opened.tenants = async (tokens, options) => {
          const found = (await opened.tenants?.(tokens, options)) ?? [];
          return [...found, { id: 'other', title: 'Other & Co', settings: { tenantId: 'other' } }];
        };
        return { ...opened, tenants };
      };
      return { ...connector, signIn: { ...signIn, open } };
    },
  });
}

test('connecting with keys stores what can be read, signed by who did it, and syncs it', async () => {
  const { firm, connectFyi, systems, keys } = await hosting();
  const wrong = connecting('fyi', { settings: { practice: 'harbour' }, secrets: { ...keys, accessSecret: 'wrong' } });
  await expect(firm.connect(wrong, 'ann', place)).rejects.toMatchObject({ code: 'source_unauthorized' });
  const missing = connecting('fyi', { settings: { practice: 'harbour' }, secrets: { accessId: keys.accessId } });
  await expect(firm.connect(missing, 'ann', place)).rejects.toMatchObject({ code: 'setting_missing' });
  expect(await firm.connections()).toEqual([]);

  const connected = await connectFyi({ schedule: '30 7 * * 1-5 Australia/Sydney', policy: { manyMissing: '0.5' } });
  expect(connected).toEqual({ connected: [{ source: fyi, title: null, replaced: false }], signIn: null });
  expect(await firm.connections()).toMatchObject([
    {
      ...{ source: fyi, connector: 'fyi', title: 'FYI', kind: 'contact-sync', state: 'connected', stored: true },
      ...{ schedule: '30 7 * * 1-5 Australia/Sydney', running: false, progress: null, contacts: 20, signIn: null },
      settings: { practice: 'harbour' },
      policy: { manyMissing: '0.5' },
      lastRun: { outcome: 'applied', actor: 'ann' },
      syncNow: { allowed: false, why: 'too_soon', possibleAt: '2026-03-02T00:05:00.000Z' },
    },
  ]);
  expect(JSON.stringify(await firm.connections())).not.toContain(systems.fyi.access.accessSecret);
});

test('what can be connected is described, and no secret is in it', async () => {
  const { firm, keys } = await hosting({ env: { FYI_ACCESS_ID: 'known-id', XPM_CLIENT_ID: 'known-app' } });
  const connectors = await firm.connectors();
  expect(connectors.map(({ name }) => name)).toEqual(['xpm', 'fyi', 'bgl']);
  const [xpm, ofFyi] = connectors;
  expect(xpm?.signIn).toEqual({ clientSecretNeeded: false, clientKnown: true });
  expect(xpm?.settings[0]).toEqual({
    ...{ name: 'tenantId', required: true },
    description: 'The Xero tenant of type PRACTICEMANAGER',
  });
  // Neither the secret nor what only a program gives.
  expect(xpm?.settings.map(({ name }) => name)).toEqual(['tenantId', 'baseUrl', 'clients', 'prospects', 'archived']);
  expect(ofFyi).toMatchObject({
    signIn: null,
    secrets: [
      { name: 'accessId', known: true },
      { name: 'accessSecret', known: false },
    ],
  });
  expect(JSON.stringify(connectors)).not.toMatch(/known-(id|app)/);
  for (const name of ['csv', './evil.js', '@evil/package']) {
    const wanted = connecting(name, { settings: { practice: 'x' }, secrets: keys });
    await expect(firm.connect(wanted, 'ann', place)).rejects.toMatchObject({ code: 'connector_missing' });
  }
});

test('secrets that the service knows are used, and sent to no address that a page names', async () => {
  const { firm, env, keys } = await hosting();
  Object.assign(env, { FYI_ACCESS_ID: keys.accessId, FYI_ACCESS_SECRET: keys.accessSecret });
  const settings = { practice: 'harbour' };
  const elsewhere = { ...settings, baseUrl: 'https://elsewhere.fyi.app' };
  const refused = {
    code: 'setting_invalid',
    message: expect.stringContaining('baseUrl: secrets that the service has'),
  };
  await expect(firm.connect(connecting('fyi', { settings: elsewhere }), 'ann', place)).rejects.toMatchObject(refused);
  const { connected } = await firm.connect(connecting('fyi', { settings }), 'ann', place);
  expect(connected).toMatchObject([{ source: fyi }]);

  const change = { schedule: null, policy: {}, unset: [], secrets: {} };
  await expect(
    firm.change(fyi, { ...change, settings: { baseUrl: 'https://elsewhere.fyi.app' } }, 'ann'),
  ).rejects.toMatchObject(refused);
  await expect(firm.change(fyi, { ...change, settings: { file: '/etc/passwd' } }, 'ann')).rejects.toMatchObject({
    message: 'A file of the machine that serves cannot be named here.',
  });
  await expect(firm.change(fyi, { ...change, settings: { accessSecret: 'x' } }, 'ann')).rejects.toMatchObject({
    code: 'setting_invalid',
  });
});

test.each(['seen by the service', 'stored a moment ago'])(
  'an address that is %s gets no secrets of the service either',
  async (when) => {
    const { firm, env, keys, service, stored, book } = await hosting();
    Object.assign(env, { FYI_ACCESS_ID: keys.accessId, FYI_ACCESS_SECRET: keys.accessSecret });
    const [served] = service.books;
    if (served === undefined) throw new Error('There is no book.');
    const { vault } = await served.opened();
    const settings = { practice: 'harbour', baseUrl: 'https://elsewhere.fyi.app' };
    await writeStored(sealedVault(vault, await served.keys()), book, fyi, { ...stored.fyi, settings });
    if (when === 'seen by the service') await service.look(served);
    const refused = { message: expect.stringContaining('baseUrl: secrets that the service has') };
    const wanted = connecting('fyi', { settings: { practice: 'harbour' } });
    await expect(firm.connect(wanted, 'ann', place)).rejects.toMatchObject(refused);
  },
);

test('a sign-in with the app of the service goes to no address that somebody stores meanwhile', async () => {
  const { firm, host, env, service, systems, sources, stored, book, allow, signedIn } = await hosting();
  const { id, secret } = systems.xpm.signIn.client;
  Object.assign(env, { XPM_CLIENT_ID: id, XPM_CLIENT_SECRET: secret ?? '' });
  const [served] = service.books;
  if (served === undefined) throw new Error('There is no book.');
  const { signIn } = await firm.connect(connecting('xpm', { signIn: true }), 'ann', place);
  const { vault } = await served.opened();
  const settings = { ...stored.xpm.settings, baseUrl: 'https://elsewhere.example/practicemanager' };
  await writeStored(sealedVault(vault, await served.keys()), book, sources.xpm, { ...stored.xpm, settings });
  host.finishSignIn(allow(signIn?.url ?? ''), 'ann');
  const message = expect.stringContaining('baseUrl: secrets that the service has');
  expect(await signedIn(signIn?.id ?? '', 'ann')).toMatchObject({ state: 'failed', error: { message } });
});

test('settings, policy and schedule are changed once it was seen that it can be read so', async () => {
  const { firm, connectFyi, events, keys } = await hosting();
  await connectFyi({ settings: { practice: 'harbour', perPage: '7' } });
  events.length = 0;
  const nothing = { schedule: null, settings: {}, policy: {}, unset: [], secrets: {} };
  await expect(firm.change(fyi, { ...nothing, unset: ['constructor'] }, 'ann')).rejects.toMatchObject({
    message: 'fyi:harbour has no setting or policy constructor stored.',
  });
  const changed = await firm.change(
    fyi,
    {
      ...{
        schedule: 'hourly',
        settings: { archived: 'true' },
        policy: { atLeast: '2' },
        unset: ['perPage'],
        secrets: keys,
      },
    },
    'ann',
  );
  expect(changed).toMatchObject({
    ...{ schedule: 'hourly', policy: { atLeast: '2' } },
    settings: { practice: 'harbour', archived: 'true' },
  });
  expect(events).toContainEqual({ type: 'connection', book: 'firm', source: fyi });
  const noted = (await (await firm.store()).runs({ limit: 10 })).runs.filter(({ kind }) => kind === 'connection');
  expect(noted.map(({ source, actor, why, outcome }) => ({ source, actor, why, outcome }))).toEqual([
    {
      ...{ source: fyi, actor: 'ann', outcome: 'unchanged' },
      why: 'Changed: schedule hourly; settings archived; policy atLeast; taken away perPage; new secrets accessId, accessSecret.',
    },
    { source: fyi, actor: 'ann', why: 'Connected.', outcome: 'unchanged' },
  ]);
  await expect(firm.change(fyi, { ...nothing, settings: { practice: 'other' } }, 'ann')).rejects.toMatchObject({
    message: `With these settings ${fyi} would be another source, fyi:other.`,
  });
  const wrong = { accessId: 'wrong', accessSecret: 'wrong' };
  await expect(firm.change(fyi, { ...nothing, secrets: wrong }, 'ann')).rejects.toMatchObject({
    code: 'source_unauthorized',
  });
  await expect(firm.change('fyi:none', nothing, 'ann')).rejects.toMatchObject({ code: 'not_found' });
});

test.each(stores)('a person signs in, and again when the sign-in has ended (%s)', async (store) => {
  const { firm, host, systems, sources, env, clock, until, allow, signedIn } = await hosting({ store });
  const { id, secret } = systems.xpm.signIn.client;
  const wanted = connecting('xpm', { signIn: true, client: { id, secret } });
  const begun = await firm.connect(wanted, 'ann', place);
  expect(begun.connected).toEqual([]);
  const signIn = begun.signIn ?? { id: '', url: '' };
  expect(new URL(signIn.url).searchParams.get('redirect_uri')).toBe(place.redirectUri);
  expect(firm.signIn(signIn.id, 'ann').state).toBe('waiting');
  expect(() => firm.signIn(signIn.id, 'bob')).toThrow('There is no such sign-in any more.');

  const back = allow(signIn.url);
  expect(() => host.finishSignIn(back, 'bob')).toThrow('There is no such sign-in any more.');
  expect(() => host.finishSignIn(`${place.redirectUri}?code=1&state=other`, 'ann')).toThrow();
  expect(host.finishSignIn(back, 'ann')).toEqual({ book: 'firm', id: signIn.id });
  // Twice, as browsers do.
  expect(host.finishSignIn(back, 'ann')).toEqual({ book: 'firm', id: signIn.id });
  const done = await signedIn(signIn.id, 'ann');
  expect(done).toMatchObject({ state: 'done', connected: [{ source: sources.xpm, replaced: false }], error: null });
  await until(clock.now() + minute);
  expect(await firm.connection(sources.xpm)).toMatchObject({
    ...{ state: 'connected', contacts: 20, incidents: {} },
    signIn: { grantedAt: '2026-03-02T00:00:00.000Z' },
  });

  systems.xpm.signIn.endAll();
  await until(start + 3 * hour);
  const ended = await firm.connection(sources.xpm);
  expect(ended.lastRun).toMatchObject({ outcome: 'failed', error: { code: 'source_reconnect' } });
  expect(Object.keys(ended.incidents)).toEqual(['reconnect']);

  // The app is as before, and the contacts too.
  expect(env.XPM_CLIENT_ID).toBeUndefined();
  const again = await firm.reconnect(sources.xpm, { secrets: {}, client: null }, 'bob', place);
  host.finishSignIn(allow(again.signIn?.url ?? ''), 'bob');
  const mended = await signedIn(again.signIn?.id ?? '', 'bob');
  expect(mended).toMatchObject({ state: 'done', connected: [{ source: sources.xpm, replaced: true }] });
  await until(clock.now() + minute);
  const now = await firm.connection(sources.xpm);
  expect(now).toMatchObject({ state: 'connected', contacts: 20, incidents: {}, lastRun: { outcome: 'unchanged' } });
});

test('who signs in to several chooses, and one that is not allowed leaves nothing', async () => {
  const { firm, host, systems, sources, allow, signedIn, service } = await twoTenants();
  const { id, secret } = systems.xpm.signIn.client;
  const wanted = connecting('xpm', { signIn: true, client: { id, secret } });
  const { signIn } = await firm.connect(wanted, 'ann', place);
  const other = await firm.connect(wanted, 'bob', place);
  host.finishSignIn(allow(signIn?.url ?? ''), 'ann');
  const choose = await signedIn(signIn?.id ?? '', 'ann');
  expect(choose).toMatchObject({ state: 'choose', connected: [] });
  expect(choose.tenants.map(({ title }) => title)).toContain('Other & Co');
  const opened = await service.books[0]?.opened();
  expect(await opened?.vault.keys('secret:')).toEqual([]);

  await expect(firm.chooseTenants(choose.id, ['none'], 'ann')).rejects.toMatchObject({ code: 'setting_invalid' });
  await firm.chooseTenants(choose.id, [systems.xpm.access.tenantId], 'ann');
  expect(await signedIn(choose.id, 'ann')).toMatchObject({ state: 'done', connected: [{ source: sources.xpm }] });
  await expect(firm.chooseTenants(choose.id, ['other'], 'ann')).rejects.toMatchObject({ code: 'usage' });

  const state = new URL(other.signIn?.url ?? '').searchParams.get('state');
  host.finishSignIn(`${place.redirectUri}?error=access_denied&state=${state}`, 'bob');
  const denied = await signedIn(other.signIn?.id ?? '', 'bob');
  expect(denied).toMatchObject({ state: 'failed', error: { code: 'source_forbidden' } });
});

test('who does not come back within 15 minutes begins again', async () => {
  const { firm, host, clock, systems, allow } = await hosting();
  const { id, secret } = systems.xpm.signIn.client;
  const { signIn } = await firm.connect(connecting('xpm', { signIn: true, client: { id, secret } }), 'ann', place);
  const back = allow(signIn?.url ?? '');
  clock.pass(15 * minute);
  expect(firm.signIn(signIn?.id ?? '', 'ann')).toMatchObject({ state: 'failed', error: { code: 'cancelled' } });
  host.finishSignIn(back, 'ann');
  expect(firm.signIn(signIn?.id ?? '', 'ann').state).toBe('failed');
  clock.pass(15 * minute);
  expect(() => host.finishSignIn(back, 'ann')).toThrow('There is no such sign-in any more.');
});

test('an app that nobody named is missing, and keys are not signed in with', async () => {
  const { firm } = await hosting();
  const missing = { code: 'setting_missing', hint: expect.stringContaining('XPM_CLIENT_ID') };
  await expect(firm.connect(connecting('xpm', { signIn: true }), 'ann', place)).rejects.toMatchObject(missing);
  await expect(firm.connect(connecting('fyi', { signIn: true }), 'ann', place)).rejects.toMatchObject({
    code: 'setting_invalid',
  });
});

test.each(stores)('keys that are refused are told of, and new ones mend it (%s)', async (store) => {
  const { firm, systems, connectFyi, until, clock, keys } = await hosting({ store });
  await connectFyi({ schedule: 'hourly', policy: { atLeast: '2' } });
  systems.fyi.fault(() => Response.json({}, { status: 401 }), 99);
  await until(start + 2 * hour);
  const failed = await firm.connection(fyi);
  expect(failed).toMatchObject({ lastRun: { error: { code: 'source_unauthorized' } } });
  expect(Object.keys(failed.incidents)).toEqual(['reconnect']);
  await expect(firm.reconnect(fyi, { secrets: keys, client: null }, 'ann', place)).rejects.toMatchObject({
    code: 'source_unauthorized',
  });
  systems.fyi.clearFaults();
  const again = await firm.reconnect(fyi, { secrets: keys, client: null }, 'ann', place);
  expect(again).toEqual({ connected: [{ source: fyi, title: null, replaced: true }], signIn: null });
  await until(clock.now() + minute);
  expect(await firm.connection(fyi)).toMatchObject({
    ...{ incidents: {}, policy: { atLeast: '2' }, lastRun: { outcome: 'unchanged' } },
  });
});

test('what is stored is removed only where the book is not connected', async () => {
  const { firm, connectFyi } = await hosting();
  await connectFyi();
  await expect(firm.removeStored(fyi, 'ann')).rejects.toMatchObject({ code: 'usage' });
  await expect(firm.removeStored('fyi:none', 'ann')).rejects.toMatchObject({ code: 'not_found' });
  await firm.pause(fyi, signed('ann'));
  expect((await firm.connection(fyi)).syncNow).toEqual({ allowed: false, why: 'paused', possibleAt: null });
  await firm.resume(fyi, signed('ann', 'It is mended.'));
  expect(await firm.connection(fyi)).toMatchObject({ state: 'connected' });
  expect(firm.syncNow('fyi:none')).toEqual({ allowed: false, why: 'unknown', possibleAt: null });
});

test('progress of a run is told, and what is new in the history', async () => {
  const { connectFyi, events, firm } = await hosting();
  await connectFyi({ settings: { practice: 'harbour', perPage: '1' } });
  const progress = events.flatMap((event) => (event.type === 'progress' ? [event.progress] : []));
  expect(progress.map(({ rows, pages }) => [rows, pages])).toContainEqual([10, 1]);
  const runs = events.filter(({ type }) => type === 'run');
  const { lastRun } = await firm.connection(fyi);
  const told = { type: 'run', book: 'firm', source: fyi };
  // The line that says who connected it comes first.
  expect(runs).toEqual([
    { ...told, run: '1', kind: 'connection', outcome: 'unchanged' },
    { ...told, run: '2', kind: 'sync', outcome: 'applied' },
  ]);
  expect(lastRun?.id).toBe('2');
  expect((await firm.connection(fyi)).progress).toBeNull();
});
