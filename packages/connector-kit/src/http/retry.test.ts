import { HttpResponse, http } from 'msw';
import { Agent } from 'undici';
import { describe, expect, test } from 'vitest';
import { anySignal, canary, clientOf, fault, now, raw, web } from '../../test/support.js';
import { mswTransport } from '../mock/transport.js';
import { backoff, defaultPauses } from './pause.js';
import { retryAfter } from './retry-after.js';
import type { RateLimit } from './types.js';

const signal = anySignal();
const url = 'https://api.example.com/list';
const origins = ['https://api.example.com'];

/** A client whose system gives these answers, one after the other. */
function scripted(answers: (() => Response)[], settings: Parameters<typeof clientOf>[1] = {}) {
  const asked = { times: 0 };
  const transport = mswTransport([
    http.get(url, () => {
      const answer = answers[asked.times] ?? (() => HttpResponse.text('there'));
      asked.times += 1;
      return answer();
    }),
  ]);
  return { asked, ...clientOf(origins, { transport, ...settings }) };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    new HttpResponse(null, { status: code, headers });
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

describe('what is tried again', () => {
  test.each([500, 502, 503, 504, 599])('status %i, with pauses that double', async (code) => {
    const { client, waits, asked } = scripted(times(3, status(code)));
    expect(await (await client.get(url, { signal })).text()).toBe('there');
    expect(asked.times).toBe(4);
    // Half of 500, 1,000 and 2,000: the random of these tests is 0.5.
    expect(waits).toEqual([250, 500, 1_000]);
  });

  test('four times at most', async () => {
    const { client, asked } = scripted(times(9, status(503)));
    expect((await fault(client.get(url, { signal }))).code).toBe('source_unavailable');
    expect(asked.times).toBe(4);
  });

  test('as often as the settings say', async () => {
    const { client, asked, waits } = scripted(times(9, status(503)), {
      retry: { attempts: 6, baseMs: 100, capMs: 300 },
    });
    await fault(client.get(url, { signal }));
    expect(asked.times).toBe(6);
    expect(waits).toEqual([50, 100, 150, 150, 150]);
  });

  test('a connection that breaks before an answer', async () => {
    const { client, asked } = scripted(times(3, () => HttpResponse.error()));
    expect(await (await client.get(url, { signal })).text()).toBe('there');
    expect(asked.times).toBe(4);
  });

  test('a connection that breaks between headers and body', async () => {
    const breaking = () => new HttpResponse(new ReadableStream({ start: (body) => body.error(new Error(canary)) }));
    const { client, asked } = scripted(times(3, breaking));
    expect(await (await client.get(url, { signal })).text()).toBe('there');
    expect(asked.times).toBe(4);
  });

  test('real connections that are reset', async () => {
    const server = await raw((socket) => {
      if (server.requests() < 3) socket.resetAndDestroy();
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nthere');
    });
    const { client, waits } = clientOf([server.url]);
    expect(await (await client.get(server.url, { signal })).text()).toBe('there');
    expect(waits).toHaveLength(2);
  });

  test('a port where nobody listens', async () => {
    const { client, waits } = clientOf(['http://127.0.0.1:9']);
    const error = await fault(client.get(`http://127.0.0.1:9/list?${canary}`, { signal }));
    expect(error.code).toBe('source_unreachable');
    expect(error.message).toBe('GET http://127.0.0.1:9/list could not be reached (ECONNREFUSED).');
    expect(waits).toHaveLength(3);
  });
});

describe('what is not tried again', () => {
  test.each([301, 400, 401, 403, 404, 501])('status %i', async (code) => {
    const { client, asked } = scripted(times(9, status(code)));
    await fault(client.get(url, { signal }));
    expect(asked.times).toBe(1);
  });

  test('a body that breaks after a part of it was handed over', async () => {
    let body: ReadableStreamDefaultController<Uint8Array> | undefined;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        body = controller;
        controller.enqueue(Buffer.from(canary));
      },
    });
    const { client, asked } = scripted([() => new HttpResponse(stream)]);
    const answer = await client.get(url, { signal });
    body?.error(new Error(canary));
    expect((await fault(answer.text())).code).toBe('source_incomplete');
    expect(asked.times).toBe(1);
  });

  test('a server without the encryption that was asked for', async () => {
    const server = await web((_, response) => response.end());
    const secure = server.url.replace('http:', 'https:');
    const { client, waits } = clientOf([secure]);
    expect((await fault(client.get(secure, { signal }))).code).toBe('source_unreachable');
    expect(waits).toEqual([]);
  });

  test('a fault that is not of the network', async () => {
    const transport = new Agent().compose((_dispatch) => (_options, _handler) => {
      throw new TypeError(canary);
    });
    const { client, waits } = clientOf(origins, { transport });
    const error = await fault(client.get(url, { signal }));
    expect([error.code, error.message]).toEqual([
      'internal',
      `GET ${url} failed in a way that is not known (TypeError).`,
    ]);
    expect(waits).toEqual([]);
  });

  test('a request that no mock handler answers', async () => {
    const { client, waits } = scripted([]);
    const error = await fault(client.get('https://api.example.com/other?CANARY', { signal }));
    expect(error.code).toBe('internal');
    expect(error.message).toBe('No mock handler answers GET https://api.example.com/other.');
    expect(waits).toEqual([]);
  });
});

test('the pauses are spread from nothing to their limit', () => {
  for (let tried = 1; tried <= 10; tried += 1) {
    const limit = [500, 1_000, 2_000, 4_000, 8_000, 16_000][tried - 1] ?? 20_000;
    expect(backoff(tried, defaultPauses, () => 0)).toBe(0);
    expect(backoff(tried, defaultPauses, () => 0.25)).toBe(limit / 4);
    expect(backoff(tried, defaultPauses, () => 1 - 2 ** -53)).toBeLessThanOrEqual(limit);
  }
});

describe('status 429', () => {
  test.each([
    ['90 seconds are waited for', '90', [90_000]],
    ['a date is waited for', 'Sun, 01 Mar 2026 10:00:30 GMT', [30_000]],
    ['a date that has passed leaves the pause of a retry', 'Sun, 01 Mar 2026 09:00:00 GMT', [250]],
    ['0 seconds leave the pause of a retry', '0', [250]],
    ['nothing said leaves the pause of a retry', undefined, [250]],
    ['nonsense leaves the pause of a retry', 'soon', [250]],
  ])('%s', async (_, header, expected) => {
    const { client, waits } = scripted([status(429, header === undefined ? {} : { 'retry-after': header })]);
    expect(await (await client.get(url, { signal })).text()).toBe('there');
    expect(waits).toEqual(expected);
  });

  test.each([
    ['91', '2026-03-01T10:01:31.000Z'],
    ['86400', '2026-03-02T10:00:00.000Z'],
    ['Mon, 02 Mar 2026 00:00:00 GMT', '2026-03-02T00:00:00.000Z'],
  ])('longer than is waited for (%s), it ends and says when', async (header, resumeAt) => {
    const { client, waits, asked } = scripted(times(9, status(429, { 'retry-after': header })));
    const error = await fault(client.get(url, { signal }));
    expect([error.code, error.resumeAt]).toEqual(['source_rate_limited', resumeAt]);
    expect([asked.times, waits]).toEqual([1, []]);
  });

  test('a limit that stays ends after four tries, with the moment last named', async () => {
    const { client, asked } = scripted(times(9, status(429, { 'retry-after': '60' })));
    const error = await fault(client.get(url, { signal }));
    expect([error.code, error.resumeAt]).toEqual(['source_rate_limited', '2026-03-01T10:01:00.000Z']);
    expect(asked.times).toBe(4);
  });

  test('without a moment it ends without one', async () => {
    const error = await fault(scripted(times(9, status(429))).client.get(url, { signal }));
    expect([error.code, error.resumeAt]).toEqual(['source_rate_limited', undefined]);
  });

  const limits: [string, RateLimit | null, number, string | undefined, number[]][] = [
    ['a wait', { waitMs: 5_000 }, 2, undefined, [5_000]],
    ['a wait that is too long', { waitMs: 600_000 }, 1, '2026-03-01T10:10:00.000Z', []],
    ['a moment, however near', { resumeAt: new Date(now.getTime() + 1_000) }, 1, '2026-03-01T10:00:01.000Z', []],
    ['nothing', null, 2, undefined, [250]],
    ['what is no number', { waitMs: Number.NaN }, 2, undefined, [250]],
    ['what is no date', { resumeAt: new Date(Number.NaN) }, 2, undefined, [250]],
    ['a wait beyond all dates', { waitMs: 1e300 }, 1, undefined, []],
  ];
  test.each(limits)('the vendor’s own reading says %s', async (_, limit, asks, resumeAt, expected) => {
    const seen: unknown[] = [];
    const { client, waits, asked } = scripted([() => new HttpResponse('10 mins', { status: 429 })], {
      rateLimit: (answer, at) => {
        seen.push([answer.status, answer.body, at]);
        return limit;
      },
    });
    if (asks === 1) {
      const error = await fault(client.get(url, { signal }));
      expect([error.code, error.resumeAt]).toEqual(['source_rate_limited', resumeAt]);
    } else {
      expect(await (await client.get(url, { signal })).text()).toBe('there');
    }
    expect(asked.times).toBe(asks);
    expect(waits).toEqual(expected);
    expect(seen).toEqual([[429, '10 mins', now]]);
  });
});

test('status 503 is asked again when it says, or given up', async () => {
  const soon = scripted([status(503, { 'retry-after': '5' })]);
  await (await soon.client.get(url, { signal })).text();
  expect(soon.waits).toEqual([5_000]);
  const late = scripted(times(9, status(503, { 'retry-after': '3600' })));
  expect((await fault(late.client.get(url, { signal }))).code).toBe('source_unavailable');
  expect(late.asked.times).toBe(1);
});

test.each([
  ['120', 120_000],
  [' 7 ', 7_000],
  ['999999999', 999_999_999_000],
  ['1000000000', null],
  ['-1', null],
  ['1.5', null],
  ['1e3', null],
  ['', null],
  ['Sun, 01 Mar 2026 10:00:01 GMT', 1_000],
  ['Sun, 01 Mar 2026 09:59:59 GMT', 0],
  ['Sun, 01 Xyz 2026 09:59:59 GMT', null],
  ['2026-03-01T10:00:01Z', null],
  ['Sunday, 01-Mar-26 10:00:01 GMT', null],
])('Retry-After: %j', (value, waitMs) => {
  expect(retryAfter(new Headers({ 'retry-after': value }), now)).toEqual(waitMs === null ? null : { waitMs });
});
