import { gzipSync } from 'node:zlib';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { anySignal, canary, clientOf, fault, secretHeaders, web } from '../../test/support.js';
import { mswTransport } from '../mock/transport.js';
import type { PostRead } from './types.js';

const signal = anySignal();
const origin = 'https://api.example.com';
const url = `${origin}/external/entity`;

/** The one read: a list, in an envelope that names its action. */
const body = z.strictObject({
  metadata: z.strictObject({
    action: z.strictObject({ value: z.literal('list') }),
    data: z.strictObject({ page: z.int().min(1) }),
  }),
});
const posts: readonly PostRead[] = [{ url, body }];
const list = { metadata: { action: { value: 'list' }, data: { page: 1 } } };

/** A client whose system gives these answers, one after the other, and keeps what it was sent. */
function scripted(answers: (() => Response)[] = [], settings: Parameters<typeof clientOf>[1] = {}) {
  const sent: string[] = [];
  const handler = http.all('*', async ({ request }) => {
    sent.push(`${request.method} ${request.url} ${await request.text()}`);
    return (answers[sent.length - 1] ?? (() => HttpResponse.text('there')))();
  });
  return { sent, ...clientOf([origin], { posts, transport: mswTransport([handler]), ...settings }) };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    new HttpResponse(null, { status: code, headers });

test('a listed read is sent as JSON, with the same headers as any request, and its answer is one', async () => {
  const seen: unknown[] = [];
  const server = await web(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    seen.push({ ...request.headers, method: request.method, url: request.url, text });
    response.setHeader('content-encoding', 'gzip').end(gzipSync('{"results":[]}'));
  });
  const there = `${server.url}/external/entity`;
  const { client } = clientOf([server.url], { posts: [{ url: there, body }] });
  const answer = await client.post(there, list, { signal });
  expect(answer.request).toBe(`POST ${there}`);
  expect(await answer.text()).toBe('{"results":[]}');
  expect(seen).toEqual([
    expect.objectContaining({
      ...secretHeaders,
      method: 'POST',
      url: '/external/entity',
      'content-type': 'application/json',
      'content-length': '58',
      'user-agent': 'contact-sync-test/1',
      text: '{"metadata":{"action":{"value":"list"},"data":{"page":1}}}',
    }),
  ]);
});

test('nobody can make it another content type', async () => {
  const types: (string | null)[] = [];
  const handler = http.post(url, ({ request }) => {
    types.push(request.headers.get('content-type'));
    return HttpResponse.text('there');
  });
  const headers = () => ({ 'Content-Type': 'application/x-www-form-urlencoded' });
  await clientOf([origin], { posts, headers, transport: mswTransport([handler]) }).client.post(url, list, { signal });
  expect(types).toEqual(['application/json']);
});

describe('nothing is sent', () => {
  const withJson = (json: unknown) => ({ ...list, toJSON: () => json });
  const looped: Record<string, unknown> = { ...list };
  looped.self = looped;

  test.each<[string, unknown]>([
    ['another action', { metadata: { action: { value: 'upsert' }, data: { page: 1 } } }],
    ['the action in other letters', { metadata: { action: { value: 'List' }, data: { page: 1 } } }],
    ['two actions in an array', { metadata: { action: { value: ['list', 'upsert'] }, data: { page: 1 } } }],
    ['an array of envelopes', [list, { metadata: { action: { value: 'upsert' }, data: { page: 1 } } }]],
    ['an array of one', [list]],
    [
      'a second action beside the first',
      { metadata: { action: { value: 'list', also: 'upsert' }, data: { page: 1 } } },
    ],
    ['a second envelope', { ...list, Metadata: list.metadata }],
    ['an action in the data', { metadata: { action: { value: 'list' }, data: { page: 1, action: 'upsert' } } }],
    ['a model in the data', { metadata: { action: { value: 'list' }, data: { page: 1, model: { name: canary } } } }],
    ['no data', { metadata: { action: { value: 'list' } } }],
    ['a page that is text', { metadata: { action: { value: 'list' }, data: { page: '1' } } }],
    ['text that holds the JSON', JSON.stringify(list)],
    ['an object that says it is another', withJson({ metadata: { action: { value: 'upsert' }, data: { page: 1 } } })],
    [
      'a field that JSON calls __proto__',
      withJson(JSON.parse(`{"__proto__":{"a":1},${JSON.stringify(list).slice(1)}`)),
    ],
    ['nothing', undefined],
    ['null', null],
    ['what has no JSON form', looped],
    ['a function', () => list],
  ])('for %s', async (_, json) => {
    const { client, sent } = scripted();
    const error = await fault(client.post(url, json, { signal }));
    expect([error.code, error.cause]).toEqual(['internal', undefined]);
    expect(error.message).toBe(`POST ${url} is not among the reads this connector may ask for, so it was not sent.`);
    expect(sent).toEqual([]);
  });

  test.each([
    `${origin}/external/document`,
    `${origin}/external/entity/`,
    `${origin}/external/entity/1`,
    `${origin}/external/Entity`,
    `${origin}/external//entity`,
    `${origin}/external/%65ntity`,
    `${url}?action=upsert`,
    `${url}?`,
    `${url}#upsert`,
    origin,
  ])('to %s', async (other) => {
    const { client, sent } = scripted();
    expect((await fault(client.post(other, list, { signal }))).code).toBe('internal');
    expect(sent).toEqual([]);
  });

  test('to another origin, whatever is listed', async () => {
    const elsewhere = 'https://api.example.org/external/entity';
    const { client, sent } = scripted([], { posts: [...posts, { url: elsewhere, body }] });
    expect((await fault(client.post(elsewhere, list, { signal }))).code).toBe('source_origin');
    expect(sent).toEqual([]);
  });

  test.each([[undefined], [[]]])('where no read is listed (%j)', async (none) => {
    const { client, sent } = scripted([], { posts: none });
    expect((await fault(client.post(url, list, { signal }))).code).toBe('internal');
    expect(sent).toEqual([]);
  });

  test('that a careless schema would drop or mend', async () => {
    const drops = z.object({ page: z.int() });
    const mends = z.object({ page: z.coerce.number() });
    for (const careless of [drops, mends]) {
      const { client, sent } = scripted([], { posts: [{ url, body: careless }] });
      const json = { page: careless === drops ? 1 : '1', ...(careless === drops ? { action: 'upsert' } : {}) };
      expect((await fault(client.post(url, json, { signal }))).code).toBe('internal');
      await client.post(url, { page: 1 }, { signal });
      expect(sent).toEqual([`POST ${url} {"page":1}`]);
    }
  });
});

test('what is sent is what was checked, whatever becomes of the object', async () => {
  let asked = 0;
  const shifty = {
    get metadata() {
      asked += 1;
      return asked === 1 ? list.metadata : { action: { value: 'upsert' }, data: { page: 1 } };
    },
  };
  const { client, sent } = scripted([status(503)]);
  await client.post(url, shifty, { signal });
  expect(sent).toEqual(Array(2).fill(`POST ${url} ${JSON.stringify(list)}`));
});

test('the spelling of an address that means the same is the same', async () => {
  const { client, sent } = scripted();
  await client.post('HTTPS://API.example.com:443/external/entity', list, { signal });
  await client.post(new URL(url), list, { signal });
  expect(sent).toEqual(Array(2).fill(`POST ${url} ${JSON.stringify(list)}`));
});

describe('as for get', () => {
  test('a fault that passes is tried again, with the same body', async () => {
    const answers = [status(503), () => HttpResponse.error(), status(429, { 'retry-after': '7' })];
    const { client, sent, waits } = scripted(answers);
    expect(await (await client.post(url, list, { signal })).text()).toBe('there');
    expect(sent).toEqual(Array(4).fill(`POST ${url} ${JSON.stringify(list)}`));
    // Half of 500 and of 1,000, and what was asked for.
    expect(waits).toEqual([250, 500, 7000]);
  });

  test.each([
    [status(400), 'source_refused', `POST ${url} was answered with status 400.`],
    [status(401), 'source_unauthorized', `POST ${url} was answered with status 401.`],
    [
      status(429, { 'retry-after': '3600' }),
      'source_rate_limited',
      `The limit of requests is used up until 2026-03-01T11:00:00.000Z: POST ${url}.`,
    ],
    [
      status(307, { location: 'https://evil.example/' }),
      'source_redirected',
      `POST ${url} was sent on to https://evil.example, where nothing was sent.`,
    ],
    [
      () => HttpResponse.text('x'.repeat(2000)),
      'source_too_large',
      `The answer to POST ${url} is larger than allowed: more than 1000 bytes.`,
    ],
  ])('an answer that will not do ends it (%#: %s)', async (answer, code, message) => {
    const { client, sent } = scripted([answer], { maxBytes: 1000 });
    const error = await fault(async () => (await client.post(url, list, { signal })).text());
    expect(error).toMatchObject({ code, message });
    expect(sent).toHaveLength(1);
  });

  test('it is cancelled, and ends at its deadline', async () => {
    const hanging = [() => new HttpResponse(new ReadableStream({ start: () => undefined }))];
    const stop = new AbortController();
    stop.abort();
    expect((await fault(scripted(hanging).client.post(url, list, { signal: stop.signal }))).code).toBe('cancelled');
    const { client } = scripted(hanging, { deadlineMs: 5 });
    expect((await fault(client.post(url, list, { signal }))).message).toBe(`POST ${url} took longer than allowed.`);
  });
});
