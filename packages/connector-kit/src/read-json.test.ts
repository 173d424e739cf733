import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { anySignal, clientOf, fault } from '../test/support.js';
import { mswTransport } from './mock/transport.js';
import { readJson } from './read-json.js';

const url = 'https://api.example.com/list';
const schema = z.object({
  results: z.array(z.object({ id: z.int(), name: z.string().nullish(), kind: z.enum(['a', 'b']).optional() })),
  byName: z.record(z.string(), z.number()).optional(),
});

/** The bytes that a system answers with, read as JSON. */
async function read(body: string | Uint8Array<ArrayBuffer> | null, type = 'application/json', status = 200) {
  const handler = http.get(url, () => new HttpResponse(body, { status, headers: { 'content-type': type } }));
  const { client } = clientOf(['https://api.example.com'], { transport: mswTransport([handler]) });
  return await readJson(await client.get(url, { signal: anySignal() }), schema);
}

const whole = '{ "results": [ { "id": 1, "name": "Zoë CANARY" }, { "id": 2, "more": "😀" } ], "total": 2 }';

test('JSON that fits is what the schema makes of it', async () => {
  const results = [{ id: 1, name: 'Zoë CANARY' }, { id: 2 }];
  expect(await read(whole)).toEqual({ results });
  expect(await read(`\ufeff\r\n ${whole}\n`, 'text/plain')).toEqual({ results });
  expect(await read(new TextEncoder().encode(whole), 'application/json; charset="UTF-8"')).toEqual({ results });
});

test.each<[string, string | Uint8Array<ArrayBuffer> | null, string, string]>([
  ['nothing', null, 'application/json', 'it is empty'],
  ['only spaces', ' \r\n\t', 'application/json', 'it is empty'],
  ['a web page', '<!DOCTYPE html><p>CANARY</p>', 'text/html', 'it is a web page or XML, and not JSON'],
  ['a web page that calls itself JSON', '\n<p>CANARY', 'application/json', 'it is a web page or XML, and not JSON'],
  ['words', 'CANARY is down', 'text/plain', 'it is not JSON, or only the beginning of it'],
  ['JSON and more', '{"results":[]} CANARY', 'application/json', 'it is not JSON, or only the beginning of it'],
  ['another charset that is stated', whole, 'application/json; charset=iso-8859-1', 'it is not in UTF-8'],
  ['Latin-1 bytes', new Uint8Array(Buffer.from(whole, 'latin1')), 'application/json', 'it is not in UTF-8'],
  ['UTF-16', new Uint8Array(Buffer.from(`\ufeff${whole}`, 'utf16le')), 'application/json', 'it is not in UTF-8'],
  ['an array', '["CANARY"]', 'application/json', 'it is not object'],
  ['null', 'null', 'application/json', 'it is not object'],
  ['a list that is missing', '{"error":"CANARY"}', 'application/json', 'results is missing'],
  ['a list that is none', '{"results":"CANARY"}', 'application/json', 'results is not array'],
  ['a row without id', '{"results":[{"id":1},{"name":"CANARY"}]}', 'application/json', 'results[1].id is missing'],
  ['a wrong id', '{"results":[{"id":"CANARY"}]}', 'application/json', 'results[0].id is not number'],
  ['an id that lost digits', '{"results":[{"id":9007199254740993}]}', '', 'results[0].id is not as expected (too_big)'],
  [
    'an unknown word',
    '{"results":[{"id":1,"kind":"CANARY"}]}',
    '',
    'results[0].kind is not as expected (invalid_value)',
  ],
  ['a name as a key', '{"results":[],"byName":{"Jo CANARY":"x"}}', 'application/json', 'byName.? is not number'],
])('%s cannot be read', async (_, body, type, problem) => {
  const error = await fault(read(body, type === '' ? 'application/json' : type));
  expect([error.code, error.cause]).toEqual(['source_unreadable', undefined]);
  expect(error.message).toBe(`The answer to GET ${url} cannot be read: ${problem}.`);
});

test('204 is no answer either', async () => {
  expect((await fault(read(null, 'application/json', 204))).message).toContain('it is empty');
});

test('a body cut at any byte is never read', async () => {
  const bytes = new TextEncoder().encode(whole);
  for (let cut = 0; cut < bytes.length; cut += 1) {
    expect((await fault(read(bytes.slice(0, cut)))).code).toBe('source_unreadable');
  }
  expect((await read(bytes)).results).toHaveLength(2);
});
