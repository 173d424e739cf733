import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { mswTransport } from '@contact-sync/connector-kit/mock';
import type { ErrorCode } from '@contact-sync/core';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { type Fault, fakeXpm, faults, samplePractice } from '../src/mock/index.js';
import { baseUrl, failureOf, onFake, someTime } from './setup.js';

const accessToken = 'Canary-access-token';
const canaryClients = samplePractice().map((client) => ({
  ...client,
  ...{
    TaxNumber: 'Canary-tax',
    DateOfBirth: 'Canary-birth',
    BankAccountNumber: 'Canary-bank',
    Address: 'Canary-street',
  },
}));
const practice = () => fakeXpm({ clients: canaryClients, accessToken, now: () => someTime });
const reference = '00000000-0000-4000-8000-000000000001';

const refused: [string, Fault, ErrorCode, string][] = [
  ['an invalid token', faults.tokenInvalid(), 'source_unauthorized', 'Xero did not accept the access token.'],
  [
    'an expired token',
    faults.tokenExpired(),
    'source_unauthorized',
    "The access token has expired, at 2026-11-22 13:39:45 by Xero's clock.",
  ],
  ['a token without the scope', faults.scopeMissing(), 'source_forbidden', 'The access token may not read clients.'],
  ['another tenant', faults.forbidden(), 'source_forbidden', 'The access token gives no access to this tenant.'],
  [
    'missing rights',
    faults.forbidden('InsufficientPermissions'),
    'source_forbidden',
    'The access token gives no access to this tenant. It said: InsufficientPermissions',
  ],
  [
    'a refusal with 200',
    faults.refused(),
    'source_refused',
    'Xero Practice Manager refused the request. It said: Invalid client identifier',
  ],
  [
    'a refusal with 400',
    faults.refused('Invalid pageSize', 400),
    'source_refused',
    'Xero Practice Manager answered with status 400. It said: Invalid pageSize',
  ],
  ['a web page', faults.page(), 'source_unreadable', 'The answer of Xero Practice Manager is a web page, and not XML.'],
  ['no body', faults.empty(), 'source_unreadable', 'The answer of Xero Practice Manager is empty.'],
  [
    'a control character',
    faults.badCharacter(),
    'source_unreadable',
    'The answer of Xero Practice Manager is not well-formed XML: disallowed character (line 1, column 120).',
  ],
];

test.each(refused)('%s', async (_, fault, code, message) => {
  const fake = practice();
  fake.fault(fault);
  const { read, waits } = onFake(fake);
  const error = await failureOf(read());
  expect({ code: error.code, message: error.message, reference: error.reference }).toEqual({
    code,
    message,
    reference,
  });
  expect(error.hint).toMatch(/\S+ \S+/);
  expect(waits).toEqual([]);
  expect(fake.requests).toHaveLength(1);
});

test.each<[string, Fault, ErrorCode]>([
  ['a control character as a reference', faults.badCharacter('&#x1F;'), 'source_unreadable'],
  ['a null', faults.badCharacter('\u0000'), 'source_unreadable'],
  ['another character set', faults.wrongCharset(), 'source_unreadable'],
  ['a body that is not as long as announced', faults.cut(5000, 'broken'), 'source_incomplete'],
  ['a body that ends early and looks whole', faults.cut(5000, 'closed'), 'source_incomplete'],
  ['an empty Response', faults.body('<Response/>'), 'source_unreadable'],
  ['a document type', faults.body('<!DOCTYPE x><Response/>'), 'source_unreadable'],
])('%s is never an empty list', async (_, fault, code) => {
  const fake = practice();
  fake.fault(fault);
  const error = await failureOf(onFake(fake).read());
  expect(error.code).toBe(code);
  expect(error.reference).toBe(reference);
});

test.each([
  ['500 without a body', faults.broken(), 'Xero Practice Manager answered with status 500.'],
  ['502 with a page', faults.proxy(502), 'Xero Practice Manager answered with status 502.'],
  ['503 with a page', faults.proxy(503), 'Xero Practice Manager answered with status 503.'],
  [
    'a maintenance',
    faults.maintenance(),
    'Xero Practice Manager answered with status 503. It said: ServiceNotAvailable',
  ],
  [
    '500 with an error in XML',
    faults.refused('Timeout', 500),
    'Xero Practice Manager answered with status 500. It said: Timeout',
  ],
])('%s is tried again, and told if it stays', async (_, fault, message) => {
  const once = practice();
  once.fault(fault);
  expect((await onFake(once).read()).rows).toBe(17);

  const always = practice();
  always.fault(fault, 100);
  const error = await failureOf(onFake(always).read());
  expect(error.code).toBe('source_unavailable');
  expect(error.message).toBe(message);
});

test('a connection that breaks is tried again, and told if it stays', async () => {
  const fake = practice();
  fake.fault(faults.reset());
  expect((await onFake(fake).read()).rows).toBe(17);
  fake.fault(faults.reset(), 100);
  expect((await failureOf(onFake(fake).read())).code).toBe('source_unreachable');
});

test.each<[string, Fault, number]>([
  ['minute, with seconds', faults.limited('minute', 22), 22_000],
  ['minute, without', faults.limited('minute', null), 60_000],
  ['appminute, without', faults.limited('appminute', null), 60_000],
  ['concurrent, without', faults.limited('concurrent', null), 0],
  ['concurrent, with seconds', faults.limited('concurrent', 3), 3000],
])('the limit %s is waited for', async (_, fault, wait) => {
  const fake = practice();
  fake.fault(fault);
  const { read, waits } = onFake(fake);
  expect((await read()).rows).toBe(17);
  expect(waits).toEqual([wait]);
});

test.each<[string, number | null, string]>([
  ['with seconds', 3600, '2026-11-22T14:39:45.000Z'],
  ['with few seconds', 5, '2026-11-22T13:39:50.000Z'],
  ['without', null, '2026-11-23T13:39:45.000Z'],
])('the limit of a day, %s, ends the read and says when to go on', async (_, retryAfter, resumeAt) => {
  const fake = practice();
  fake.fault(faults.limited('day', retryAfter));
  const { read, waits } = onFake(fake);
  const error = await failureOf(read());
  expect(error.code).toBe('source_rate_limited');
  expect(error.resumeAt).toBe(resumeAt);
  expect(error.message).toBe(
    `The limit of requests of a day is used up until ${resumeAt}: GET ${baseUrl}/client.api/list.`,
  );
  expect(error.reference).toBe(reference);
  expect(waits).toEqual([]);
});

test.each<[string, Fault, string]>([
  ['of a minute', faults.limited('minute', 22), ' until 2026-11-22T13:40:07.000Z'],
  ['of a minute for the app', faults.limited('appminute', null), ' until 2026-11-22T13:40:45.000Z'],
  ['at the same time', faults.limited('concurrent', null), ''],
])('the limit %s that stays is named, with what Xero support asks for', async (which, fault, until) => {
  const fake = practice();
  fake.fault(fault, 100);
  const error = await failureOf(onFake(fake).read());
  expect(error.message).toBe(`The limit of requests ${which} is used up${until}: GET ${baseUrl}/client.api/list.`);
  expect(error.reference).toBe('00000000-0000-4000-8000-000000000004');
});

/** An answer that no fault of the fake gives. */
async function answeredWith(response: () => Response) {
  const transport = mswTransport([http.get(`${baseUrl}/client.api/list`, response)]);
  return await failureOf(onFake(practice(), { transport }).read());
}

test.each([
  ['JSON', 'application/json; charset=utf-8', 'is JSON, and not XML'],
  ['problem JSON', 'application/problem+json', 'is JSON, and not XML'],
  ['plain text', 'text/plain', 'is of another type, and not XML'],
  ['another charset', 'text/xml; charset=iso-8859-1', 'is in another character set than UTF-8'],
])('a list that calls itself %s is not read', async (_, type, problem) => {
  const body = '<Response><Status>OK</Status><Clients/></Response>';
  const error = await answeredWith(() => new HttpResponse(body, { headers: { 'content-type': type } }));
  expect(error).toMatchObject({ code: 'source_unreadable', reference: undefined });
  expect(error.message).toBe(`The answer of Xero Practice Manager ${problem}.`);
});

test('an empty answer with 204 is not an empty list', async () => {
  expect(await answeredWith(() => new HttpResponse(null, { status: 204 }))).toMatchObject({
    code: 'source_unreadable',
  });
});

test('an answer that says neither type nor charset is read', async () => {
  const body = new TextEncoder().encode('<Response><Status>OK</Status><Clients/></Response>');
  const transport = mswTransport([http.get(`${baseUrl}/client.api/list`, () => new HttpResponse(body))]);
  expect((await onFake(practice(), { transport }).read()).rows).toBe(0);
});

test.each([
  [{ title: 'Unauthorized', status: 401, detail: 'AuthorizationUnsuccessful' }, 'source_forbidden'],
  [{ DETAIL: 'AuthorizationUnsuccessful' }, 'source_forbidden'],
  [{ Detail: 7 }, 'source_unauthorized'],
  [null, 'source_unauthorized'],
  [['Detail'], 'source_unauthorized'],
])('the keys of the problem %j may be spelled in any case', async (problem, code) => {
  expect(await answeredWith(() => HttpResponse.json(problem, { status: 401 }))).toMatchObject({ code });
});

test('what Xero says is told on one line, and its ids only if they are some', async () => {
  const detail = `Forbidden\u0007\n\u202e${'x'.repeat(5000)}`;
  const headers = { 'xero-correlation-id': 'not an id' };
  const error = await answeredWith(() => HttpResponse.json({ Detail: detail }, { status: 403, headers }));
  expect(error.message).toBe(`The access token gives no access to this tenant. It said: Forbidden ${'x'.repeat(189)}…`);
  expect(error.reference).toBeUndefined();
});

test('a redirect is not followed', async () => {
  const error = await answeredWith(() => HttpResponse.redirect('https://login.xero.example/', 302));
  expect(error.code).toBe('source_redirected');
});

test('a body cut at any byte never counts as whole, over HTTP without a length', async () => {
  const body = readFileSync(new URL('client-list.xml', import.meta.url));
  let cut = 0;
  const transport = mswTransport([
    http.get(`${baseUrl}/client.api/list`, () => {
      const headers = { 'content-type': 'text/xml; charset=utf-8' };
      return new HttpResponse(new Uint8Array(body.subarray(0, cut)), { headers });
    }),
  ]);
  const { read } = onFake(practice(), { transport });
  for (cut = 1; cut < body.length; cut += 17) expect((await failureOf(read())).code).toBe('source_incomplete');
  cut = body.length;
  expect((await read()).rows).toBe(6);
});

test('no error holds the token, or anything of a person', async () => {
  const all = [
    ...refused.map(([, fault]) => fault),
    ...[faults.badCharacter('&#x1F;'), faults.wrongCharset(), faults.reset(), faults.maintenance(), faults.broken()],
    ...[faults.limited('day', 60), faults.limited('minute', 22), faults.proxy(502)],
    ...[100, 1000, 2000, 5000].flatMap((at) => [faults.cut(at, 'broken'), faults.cut(at, 'closed')]),
    faults.body('<Response><Status>OK</Status><Clients><Client><TaxNumber>Canary-tax<Canary-tag></TaxNumber>'),
  ];
  for (const fault of all) {
    const fake = practice();
    fake.fault(fault, 100);
    const error = await failureOf(onFake(fake).read());
    const shown = inspect(
      { ...error, message: error.message, cause: error.cause, stack: error.stack },
      { depth: null },
    );
    expect(shown).not.toMatch(/canary/i);
    expect(shown).not.toContain(Buffer.from(accessToken).toString('base64').slice(0, 20));
  }
});
