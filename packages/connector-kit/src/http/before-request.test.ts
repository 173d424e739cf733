import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { mswTransport } from '../mock/index.js';
import { httpClient } from './http-client.js';

test('every attempt waits for whoever counts requests, and what that throws ends it', async () => {
  const happened: string[] = [];
  const origin = 'https://api.example.com';
  const handler = http.get(`${origin}/list`, () => {
    happened.push('request');
    return happened.length < 3 ? new HttpResponse(null, { status: 503 }) : HttpResponse.text('all');
  });
  const client = httpClient({
    origins: [origin],
    transport: mswTransport([handler]),
    userAgent: 'test',
    wait: async () => undefined,
    beforeRequest: async () => {
      if (happened.length === 4) throw new Error('no more today');
      happened.push('asked');
    },
  });
  const signal = new AbortController().signal;
  await (await client.get(`${origin}/list`, { signal })).discard();
  expect(happened).toEqual(['asked', 'request', 'asked', 'request']);
  await expect(client.get(`${origin}/list`, { signal })).rejects.toThrow('no more today');
  expect(happened.length).toBe(4);
});
