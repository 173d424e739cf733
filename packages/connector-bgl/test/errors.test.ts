import { inspect } from 'node:util';
import { mswTransport } from '@contact-sync/connector-kit/mock';
import type { ErrorCode } from '@contact-sync/core';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import {
  type Fault,
  fakeBgl,
  fakeContact,
  fakeFund,
  fakeMember,
  faults,
  type Json,
  origin,
} from '../src/mock/index.js';
import { failureOf, onFake, someTime } from './setup.js';

const accessToken = 'Canary-access-token';
const jo = { firstName: 'Canary', lastName: 'Person', email: 'canary@example.com' };

function firm() {
  const contacts = [1, 2, 3].map((id) => fakeContact({ id, ...jo, taxNumber: 'Canary-tax', birthday: 'Canary-birth' }));
  const members = [fakeMember({ peopleId: 'p1', ...jo, tfn: 'Canary-tax', dob: 'Canary-birth' })];
  const funds = [fakeFund({ id: 'f1', members }), fakeFund({ id: 'f2', members })];
  return fakeBgl({ contacts, funds, accessToken, look: { mostRows: 2 }, now: () => someTime });
}

const all = { members: true, trustees: true };
/** Requests of a read of that firm: the account, three pages of contacts, the list of funds, three for each fund. */
const requests = [
  ...['account/detail', 'contacts', 'contacts', 'contacts', 'fund/list'],
  ...['sf/funds/f1', 'sf/funds/f1/members', 'sf/funds/f1/trustees'],
  ...['sf/funds/f2', 'sf/funds/f2/members', 'sf/funds/f2/trustees'],
];
const [first, middle, last] = [0, 2, requests.length - 1];
const at = (index: number) => `GET ${origin}/${requests[index]}`;

test('a read makes these requests', async () => {
  const fake = firm();
  expect((await onFake(fake, all).read()).records).toHaveLength(4);
  expect(fake.requests.map(({ path }) => path.slice(1))).toEqual(requests);
});

/** What ends a read wherever it comes, and what is said of it. */
const lasting: [string, Fault, ErrorCode, (where: string) => string][] = [
  [
    'an invalid token',
    faults.tokenInvalid(),
    'source_unauthorized',
    () => 'BGL did not accept the access token: it has expired, or was revoked.',
  ],
  ['a scope', faults.scopeMissing(), 'source_forbidden', (where) => `The access token does not cover ${where}.`],
  [
    'a web page',
    faults.page(),
    'source_unreadable',
    (where) => `The answer to ${where} cannot be read: it is a web page or XML, and not JSON.`,
  ],
  ['no body', faults.empty(), 'source_unreadable', (where) => `The answer to ${where} cannot be read: it is empty.`],
  [
    'a 404 of a proxy',
    () => new HttpResponse('nope', { status: 404 }),
    'source_refused',
    (where) => `BGL answered ${where} with status 404.`,
  ],
  [
    '501',
    () => new HttpResponse(null, { status: 501 }),
    'source_unavailable',
    (where) => `BGL answered ${where} with status 501.`,
  ],
];

test.each(lasting.flatMap((row) => [first, middle, last].map((index) => [...row, index] as const)))(
  '%s',
  async (_, fault, code, message, index) => {
    const fake = firm();
    fake.fault(fault, Number.POSITIVE_INFINITY, index);
    const { read, waits } = onFake(fake, all);
    const error = await failureOf(read());
    expect({ code: error.code, message: error.message }).toEqual({ code, message: message(at(index)) });
    expect(error.hint).toMatch(/\S+ \S+/);
    expect(waits).toEqual([]);
    expect(fake.requests).toHaveLength(index + 1);
  },
);

test.each<[string, Fault]>([
  ['500', faults.broken()],
  ['502', faults.proxy(502)],
  ['503', faults.proxy(503)],
  ['a reset', faults.reset()],
  ['a body that is cut', faults.cut(0, 'broken')],
  ['a limit', faults.limited('10 mins')],
  ['a limit with seconds', faults.limited('10 mins', 3)],
  ['a limit without a word', faults.limitedSilently()],
])('%s passes, wherever it comes', async (_, fault) => {
  for (const index of [first, middle, last]) {
    const fake = firm();
    fake.fault(fault, 1, index);
    const { read } = onFake(fake, all);
    expect((await read()).records).toHaveLength(4);
    expect(fake.requests).toHaveLength(requests.length + 1);
  }
});

test.each<[string, Fault, ErrorCode, string]>([
  ['500', faults.broken(), 'source_unavailable', `BGL answered ${at(middle)} with status 500.`],
  [
    '503 in BGL’s form',
    faults.refused(503, 'Service down'),
    'source_unavailable',
    `BGL answered ${at(middle)} with status 503. It said: Service down`,
  ],
  ['a reset', faults.reset(), 'source_unreachable', `${at(middle)} could not be reached (UND_ERR_SOCKET).`],
])('%s that stays ends the read', async (_, fault, code, message) => {
  const fake = firm();
  fake.fault(fault, Number.POSITIVE_INFINITY, middle);
  expect(await failureOf(onFake(fake, all).read())).toMatchObject({ code, message });
  expect(fake.requests).toHaveLength(middle + 4);
});

test('what concerns one fund ends the read anywhere else', async () => {
  for (const index of [first, middle]) {
    const fake = firm();
    fake.fault(faults.notAccessible(), 1, index);
    const error = await failureOf(onFake(fake, all).read());
    expect(error.code).toBe('source_forbidden');
    expect(error.message).toBe(`BGL does not give access to ${at(index)}. It said: The fund is not found/accessible`);
  }
});

test.each<[string, Json]>([
  ['Unauthorized of a framework', { timestamp: 1, status: 401, error: 'Unauthorized', message: 'Nope', path: '/x' }],
  ['no token at all', { error: 'unauthorized', error_description: 'Full authentication is required' }],
  ['a list', ['The fund is not found/accessible']],
  ['a message that is none', { message: { text: 'x' }, status: 401 }],
  ['null', null],
])('401 with %s means the token', async (_, body) => {
  const fake = firm();
  fake.fault(() => HttpResponse.json(body, { status: 401 }), 1, last);
  expect((await failureOf(onFake(fake, all).read())).code).toBe('source_unauthorized');
});

test.each<[string, Fault, number]>([
  ['10 minutes', faults.limited('10 mins'), 600_000],
  ['with seconds', faults.limited('10 mins', 22), 22_000],
  [
    'nobody says which, with seconds',
    () => new HttpResponse(null, { status: 429, headers: { 'retry-after': '5' } }),
    5000,
  ],
  ['nobody says which', faults.limitedSilently(), 0],
])('the limit of requests is waited for: %s', async (_, fault, wait) => {
  const fake = firm();
  fake.fault(fault, 1, middle);
  const { read, waits } = onFake(fake, all);
  expect((await read()).records).toHaveLength(4);
  expect(waits).toEqual([wait]);
});

test.each<[string, Fault, number | undefined, string]>([
  ['of a day', faults.limited('today'), undefined, '2026-11-23T13:39:45.000Z'],
  ['of a day, with seconds', faults.limited('today', 3600), undefined, '2026-11-22T14:39:45.000Z'],
  ['of a day, with few seconds', faults.limited('today', 1), undefined, '2026-11-22T13:39:46.000Z'],
  [
    'of a day, by its header alone',
    () => new HttpResponse(null, { status: 429, headers: { 'x-rate-daily-limit-remaining': '0' } }),
    undefined,
    '2026-11-23T13:39:45.000Z',
  ],
  ['longer than may be waited', faults.limited('10 mins'), 9, '2026-11-22T13:49:45.000Z'],
])('the limit %s ends the read and says when to go on', async (_, fault, maxWaitMinutes, resumeAt) => {
  const fake = firm();
  fake.fault(fault, 1, middle);
  const { read, waits } = onFake(fake, { ...all, maxWaitMinutes });
  const error = await failureOf(read());
  expect([error.code, error.resumeAt]).toEqual(['source_rate_limited', resumeAt]);
  expect(waits).toEqual([]);
});

test('more funds than ten minutes allow are read, with pauses', async () => {
  let now = someTime.getTime();
  const funds = Array.from({ length: 120 }, (_, index) =>
    fakeFund({ id: `f${index}`, members: [fakeMember({ peopleId: `p${index}`, firstName: 'Jo' })] }),
  );
  const fake = fakeBgl({ funds, limits: { tenMinutes: 100 }, now: () => new Date(now) });
  const waits: number[] = [];
  const wait = async (ms: number) => {
    waits.push(ms);
    now += ms;
  };
  const { records } = await onFake(fake, { contacts: 'none', members: true, wait, now: () => new Date(now) }).read();
  expect(records).toHaveLength(120);
  // 242 requests.
  expect(waits).toEqual([600_000, 600_000]);
});

/** An answer that no fault of the fake gives. */
async function answeredWith(response: () => Response, settings = {}) {
  const transport = mswTransport([http.get(`${origin}/account/detail`, response)]);
  return await failureOf(onFake(firm(), { transport, ...settings }).read());
}

test.each<[string, Json, string]>([
  ['without the firm', { Account: { name: 'x' } }, 'Account.bglAccountId is not as expected (invalid_union)'],
  ['with a key in lower case', { account: { bglAccountId: 'x' } }, 'Account is missing'],
  ['as a list', [], 'it is not object'],
])('an account %s ends the read', async (_, body, fault) => {
  const error = await answeredWith(() => HttpResponse.json(body));
  expect(error.code).toBe('source_unreadable');
  expect(error.message).toBe(`The answer to GET ${origin}/account/detail cannot be read: ${fault}.`);
});

test.each<[Json]>([[{}], [{ contacts: null }], [{ contact: [] }], [{ contacts: {} }], ['']])(
  'contacts as %j are never an empty list',
  async (body) => {
    const fake = firm();
    fake.fault(faults.body(body), 1, 1);
    expect((await failureOf(onFake(fake, all).read())).code).toBe('source_unreadable');
  },
);

test('a body cut at any byte never counts as whole', async () => {
  for (const path of ['account/detail', 'contacts', 'fund/list', 'sf/funds/f1/members', 'sf/funds/f1/trustees']) {
    for (const share of [0.01, 0.3, 0.7, 0.99]) {
      const fake = firm();
      const fault: Fault = (moment) => faults.cut(Math.floor(moment.body.byteLength * share), 'closed')(moment);
      fake.fault(fault, Number.POSITIVE_INFINITY, requests.indexOf(path));
      expect((await failureOf(onFake(fake, all).read())).code).toBe('source_unreadable');
    }
  }
});

test('another character set is not read as UTF-8', async () => {
  const fake = fakeBgl({ contacts: [fakeContact({ id: 1, firstName: 'Zoë' })] });
  fake.fault(faults.wrongCharset(), 1, 1);
  expect((await failureOf(onFake(fake).read())).code).toBe('source_unreadable');
});

test('a redirect is not followed', async () => {
  const error = await answeredWith(() => HttpResponse.redirect('https://login.bgl.example/', 302));
  expect(error.code).toBe('source_redirected');
});

test.each([
  ['Fund Id is required', ' It said: Fund Id is required'],
  [`Bad token ${accessToken}`, ''],
  ['No person 412 345 678', ''],
  ['canary@example.com', ''],
  ['x'.repeat(30), ''],
  ['two\nlines', ''],
  [`long ${'word '.repeat(40)}`, ''],
])('of what BGL says, only plain words are told: %j', async (message, said) => {
  const error = await answeredWith(() => HttpResponse.json({ message, errors: [], status: 400 }, { status: 400 }));
  expect(error.message).toBe(`BGL answered GET ${origin}/account/detail with status 400.${said}`);
});

test('no error holds the token, or anything of a person', async () => {
  const faultsToTry = [
    ...lasting.map(([, fault]) => fault),
    ...[faults.reset(), faults.broken(), faults.proxy(502), faults.limited('today'), faults.notAccessible()],
    ...[10, 60, 200].flatMap((bytes) => [faults.cut(bytes, 'broken'), faults.cut(bytes, 'closed')]),
    faults.refused(400, `Canary ${accessToken} Canary-tax`),
    faults.body({ contacts: 'Canary', funds: 'Canary', Account: 'Canary', members: 'Canary', canary: 'Canary' }),
    faults.body('Canary'),
    (): Response => HttpResponse.json({ error: 'x', error_description: accessToken }, { status: 400 }),
  ];
  let ended = 0;
  for (const fault of faultsToTry) {
    for (const index of [first, middle, last]) {
      const fake = firm();
      fake.fault(fault, Number.POSITIVE_INFINITY, index);
      const read = onFake(fake, all).read();
      const outcome = await read.then(
        ({ unreadable }) => unreadable,
        (error: unknown) => {
          ended += 1;
          if (!(error instanceof Error)) throw error;
          return { ...error, message: error.message, cause: error.cause, stack: error.stack };
        },
      );
      const shown = inspect(outcome, { depth: null });
      expect(shown).not.toMatch(/canary/i);
      expect(shown).not.toContain(Buffer.from(accessToken).toString('base64').slice(0, 20));
    }
  }
  expect(ended).toBeGreaterThan(50);
});
