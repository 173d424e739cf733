import { inspect } from 'node:util';
import { mswTransport } from '@contact-sync/connector-kit/mock';
import type { ErrorCode } from '@contact-sync/core';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { type Fault, fakeEntity, fakeFyi, faults, sampleEntities } from '../src/mock/index.js';
import { failureOf, onFake, url } from './setup.js';

const accessSecret = 'Canary-secret';
const accessId = 'Canary-id';
const canaries = sampleEntities().map((entity) => ({
  ...entity,
  ...{ tax_file_number: 'Canary-tax', business_number: 'Canary-abn', date_of_birth: 'Canary-birth' },
  ...{ address: 'Canary-street', source_id: 'Canary-source', manager_user: { email: 'Canary-manager' } },
}));
const practice = () => fakeFyi({ entities: canaries, accessId, accessSecret });
const answer =
  (status: number, body: unknown): Fault =>
  () =>
    Response.json(body, { status });
const shape = 'The answer of FYI is not as api.ts of @contact-sync/connector-fyi takes it to be:';

const refused: [string, Fault, ErrorCode, string, RegExp][] = [
  [
    'refused keys',
    faults.keysRefused(),
    'source_unauthorized',
    'FYI did not accept the access keys. It said: Unauthorized',
    /FYI_ACCESS_SECRET.*Automation, Apps/,
  ],
  [
    'no right',
    faults.forbidden(),
    'source_forbidden',
    'FYI refused to list clients for these keys. It said: API access is not enabled for this plan',
    /Pro or Elite.*applicationId/,
  ],
  ['another address', faults.absent(), 'source_refused', 'FYI answered with status 404. It said: Not Found', /baseUrl/],
  [
    'another form of requests',
    answer(400, { errors: [{ message: 'unknown field' }] }),
    'source_refused',
    'FYI answered with status 400. It said: unknown field',
    /bodyStyle/,
  ],
  ['another type', answer(415, null), 'source_refused', 'FYI answered with status 415.', /bodyStyle/],
  [
    'a refusal with 200',
    faults.refused('Page is too large'),
    'source_refused',
    'FYI refused the request. It said: Page is too large',
    /bodyStyle/,
  ],
  [
    'a refusal with 200 and an empty list',
    answer(200, { results: [], error: { message: 'No' } }),
    'source_refused',
    'FYI refused the request. It said: No',
    /bodyStyle/,
  ],
  [
    'several errors with 200',
    answer(200, { errors: ['First', 'Second'], data: [] }),
    'source_refused',
    'FYI refused the request. It said: First',
    /bodyStyle/,
  ],
  [
    'a refusal that says nothing',
    answer(200, { success: false, results: [] }),
    'source_refused',
    'FYI refused the request.',
    /bodyStyle/,
  ],
  ['an error that is a code', answer(200, { error: 17 }), 'source_refused', 'FYI refused the request.', /bodyStyle/],
  [
    'a message without a list',
    answer(200, { message: 'Try later' }),
    'source_refused',
    'FYI answered without a list. It said: Try later',
    /bodyStyle/,
  ],
  [
    'a list under another name',
    faults.renamed('results', 'items'),
    'source_unreadable',
    `${shape} no list in results, data, entities; it has items, page, per_page.`,
    /README/,
  ],
  [
    'an empty object',
    faults.body('{}'),
    'source_unreadable',
    `${shape} no list in results, data, entities; it has no fields with names.`,
    /README/,
  ],
  [
    'a list that is none',
    faults.body('{"results":null,"data":{"a":1}}'),
    'source_unreadable',
    `${shape} no list in results, data, entities; it has results, data.`,
    /README/,
  ],
  ['a word', faults.body('"Canary"'), 'source_unreadable', `${shape} it is neither an object nor a list.`, /README/],
  [
    'rows that are words',
    faults.body('["Canary"]'),
    'source_unreadable',
    `${shape} no row of the list is an object.`,
    /README/,
  ],
  [
    'clients without ids',
    faults.body('[{"client_id":1,"name":"Canary","Jo Canary":1}]'),
    'source_unreadable',
    `${shape} no client has an id; it has client_id, name.`,
    /README/,
  ],
  [
    'clients without names',
    faults.body('[{"id":1,"title":"Canary"}]'),
    'source_unreadable',
    `${shape} no client has a name; it has id, title.`,
    /README/,
  ],
  [
    'contacts without names',
    faults.body('[{"id":1,"name":"Canary","contacts":[{"id":2,"full_name":"Canary"}]}]'),
    'source_unreadable',
    `${shape} no contact has a name, first_name or last_name; it has id, full_name.`,
    /README/,
  ],
  [
    'a web page',
    faults.page(),
    'source_unreadable',
    `The answer to POST ${url} cannot be read: it is a web page or XML, and not JSON.`,
    /Run it again/,
  ],
  [
    'no body',
    faults.empty(),
    'source_unreadable',
    `The answer to POST ${url} cannot be read: it is empty.`,
    /Run it again/,
  ],
  [
    'another charset',
    faults.wrongCharset(),
    'source_unreadable',
    `The answer to POST ${url} cannot be read: it is not in UTF-8.`,
    /Run it again/,
  ],
];

test.each(refused)('%s', async (_, fault, code, message, hint) => {
  const fake = practice();
  fake.fault(fault);
  const { read, waits } = onFake(fake);
  const error = await failureOf(read());
  expect({ code: error.code, message: error.message }).toEqual({ code, message });
  expect(error.hint).toMatch(hint);
  expect(waits).toEqual([]);
  expect(fake.requests).toHaveLength(1);
});

test('the shape is looked at before anybody is handed over, and one odd row is no other shape', async () => {
  const odd = practice();
  odd.addEntity({ city: 'x' }, 'start');
  expect((await onFake(odd).read()).rows).toBe(18);
});

test.each([
  ['500 without a body', faults.broken(), 'FYI answered with status 500.'],
  ['503 with a page', faults.proxy(503), 'FYI answered with status 503.'],
  ['502 with JSON', answer(502, { message: 'Bad gateway' }), 'FYI answered with status 502. It said: Bad gateway'],
])('%s is tried again, and told if it stays', async (_, fault, message) => {
  const once = practice();
  once.fault(fault);
  expect((await onFake(once).read()).rows).toBe(17);

  const always = practice();
  always.fault(fault, 100);
  const { read, waits } = onFake(always);
  expect(await failureOf(read())).toMatchObject({ code: 'source_unavailable', message });
  // Never faster than two a second, though the jitter of these tests is 0.
  expect(waits).toEqual([500, 500, 500]);
});

test('a connection that breaks is tried again, and told if it stays', async () => {
  const fake = practice();
  fake.fault(faults.reset());
  fake.fault(faults.cut(0, 'broken'));
  const { read } = onFake(fake);
  expect((await read()).rows).toBe(17);
  fake.fault(faults.reset(), 100);
  expect((await failureOf(read())).code).toBe('source_unreachable');
});

test.each<[string, string | number | null, number]>([
  ['seconds', 7, 7000],
  ['a date', 'Sun, 22 Nov 2026 13:40:00 GMT', 15_000],
  ['nothing', null, 30_000],
  ['nonsense', 'soon', 30_000],
])('a limit with %s is waited for', async (_, retryAfter, ms) => {
  const fake = practice();
  fake.fault(faults.limited(retryAfter));
  const { read, waits } = onFake(fake);
  expect((await read()).rows).toBe(17);
  // Then the turn of the second page, and of both again.
  expect(waits).toEqual([ms, 500, 500, 500]);
});

test('where FYI names no time, the pause is up to a minute', async () => {
  const fake = practice();
  fake.fault(faults.limited(null));
  const { read, waits } = onFake(fake, { random: () => 0.999 });
  await read();
  expect(waits).toEqual([59_970, 500, 500, 500]);
});

test.each<[number | null, string, RegExp]>([
  [3600, ' until 2026-11-22T14:39:45.000Z', /Run it again after that time; other programs/],
  [null, ' until 2026-11-22T13:41:45.000Z', /Run it again after that time; other programs/],
])('a limit of %s seconds that does not end is told with its end', async (retryAfter, until, hint) => {
  const fake = practice();
  fake.fault(faults.limited(retryAfter), 100);
  const error = await failureOf(onFake(fake).read());
  expect(error).toMatchObject({ code: 'source_rate_limited', resumeAt: until.slice(7) });
  expect(error.message).toBe(`The limit of requests is used up${until}: POST ${url}.`);
  expect(error.hint).toMatch(hint);
});

test.each([
  ['after the first page', 404, faults.absent()],
  ['with a page of HTML', 404, () => new HttpResponse('<h1>404</h1>', { status: 404 })],
])('a 404 %s is no end of the list, if it is one to every page', async (_, __, fault) => {
  const fake = practice();
  const pages: unknown[] = [];
  const { source } = onFake(fake, { perPage: 2 });
  const read = async () => {
    for await (const page of source.read({ signal: new AbortController().signal })) {
      pages.push(page);
      fake.fault(fault, 100);
    }
  };
  expect(['source_incomplete', 'source_refused']).toContain((await failureOf(read())).code);
  expect(pages).toHaveLength(1);
});

test('a web page with 404 is no end of the list, though the page before it is still there', async () => {
  const fake = practice();
  fake.fault(
    ({ page, body }) => (page > 1 ? new HttpResponse('<h1>404</h1>', { status: 404 }) : new Response(body)),
    100,
  );
  expect((await failureOf(onFake(fake).read())).code).toBe('source_refused');
});

test('a redirect is not followed', async () => {
  const transport = mswTransport([http.post(url, () => HttpResponse.redirect('https://login.example/', 307))]);
  expect((await failureOf(onFake(practice(), { transport }).read())).code).toBe('source_redirected');
});

test('a body cut at any byte never counts as whole, over HTTP without a length', async () => {
  const entities = [
    fakeEntity({ id: 1, name: 'Zoë & Co', contacts: [{ id: 2, name: 'Zoë', email: 'zoe@x.example' }] }),
  ];
  const fake = fakeFyi({ entities });
  let size = 0;
  fake.fault(({ body }) => {
    size = body.byteLength;
    return faults.body(new TextDecoder().decode(body))({ page: 1, body, bodyOf: () => body });
  });
  const { read } = onFake(fake);
  expect((await read()).rows).toBe(2);
  expect(size).toBeGreaterThan(500);
  for (let cut = 0; cut < size; cut += 1) {
    fake.fault(faults.cut(cut, 'closed'));
    expect((await failureOf(read())).code).toBe('source_unreadable');
  }
});

test.each([
  ['The secret Canary-secret of Canary-id is wrong', 'The secret … of … is wrong'],
  ['Jo Roe (jo@roe.example, 0400 000 001, TFN 123456789) exists', 'Jo Roe … TFN … exists'],
  ['per_page must be 100 or less!', 'per_page must be 100 or less!'],
  ['Born 29 Feb 1980, TFN 123 456 789', 'Born … Feb … TFN …'],
  ["can't\n\u202eread\u0007 'x'", "can't read 'x'"],
  [`${'a'.repeat(30)} b`, '… b'],
  ['x '.repeat(500), `${'x '.repeat(99)}…`],
])('what FYI says (%#) is told on one line, without keys and numbers', async (said, told) => {
  const fake = practice();
  fake.fault(answer(403, { message: said }));
  const { message } = await failureOf(onFake(fake).read());
  expect(message).toBe(`FYI refused to list clients for these keys. It said: ${told}`);
});

test('no error holds a key, or anything of a person', async () => {
  const leaks = { message: 'Canary-secret Canary-id', error: { message: 'x-Canary-9' }, Canary_tax: 1 };
  const all = [
    ...refused.map(([, fault]) => fault),
    ...[400, 401, 403, 404, 500].map((status) => answer(status, leaks)),
    ...[
      faults.reset(),
      faults.proxy(502),
      faults.limited(3600),
      faults.body('{"results":[{"id":"Canary'),
      answer(200, leaks),
    ],
    ...[100, 500, 1000].flatMap((at) => [faults.cut(at, 'broken'), faults.cut(at, 'closed')]),
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
    for (const key of [accessSecret, accessId]) {
      expect(shown).not.toContain(Buffer.from(key).toString('base64').slice(0, 10));
    }
  }
});
