import { httpClient } from '@contact-sync/connector-kit';
import { mswTransport } from '@contact-sync/connector-kit/mock';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { readsOf } from './api.js';

const baseUrl = 'https://api-ap-southeast-2.fyi.app';
const list = { action: { value: 'list' }, data: { page: 1, per_page: 100 } };
const flat = { page: 1, per_page: 100, is_client: true };

/** Whether a request with this body reaches FYI. */
async function isSent(bodyStyle: 'envelope' | 'flat', body: unknown, resource = 'entity'): Promise<boolean> {
  let sent = false;
  const handler = http.all('*', () => {
    sent = true;
    return HttpResponse.json([]);
  });
  const posts = readsOf({ baseUrl, bodyStyle });
  const client = httpClient({ origins: [baseUrl], posts, userAgent: 'test', transport: mswTransport([handler]) });
  const work = client.post(`${baseUrl}/external/${resource}`, body, { signal: new AbortController().signal });
  await work.catch(() => undefined);
  return sent;
}

test('lists leave, in the form that is set', async () => {
  expect(await isSent('envelope', { metadata: list })).toBe(true);
  expect(await isSent('flat', flat)).toBe(true);
});

test.each<[string, 'envelope' | 'flat', unknown, string?]>([
  ['the other form', 'envelope', flat],
  ['the other form', 'flat', { metadata: list }],
  ['another action', 'envelope', { metadata: { ...list, action: { value: 'upsert' } } }],
  ['no action', 'envelope', { metadata: { data: list.data } }],
  ['several actions', 'envelope', { metadata: { ...list, action: { value: ['list', 'upsert'] } } }],
  ['an action within the action', 'envelope', { metadata: { ...list, action: { value: 'list', next: 'upsert' } } }],
  ['another field beside the action', 'envelope', { metadata: { ...list, model: {} } }],
  ['another field beside the envelope', 'envelope', { metadata: list, action: 'upsert' }],
  ['a model among the data', 'envelope', { metadata: { ...list, data: { ...list.data, model: {} } } }],
  ['a filter among the data', 'envelope', { metadata: { ...list, data: { ...list.data, email: 'x' } } }],
  ['a page that is an object', 'envelope', { metadata: { ...list, data: { ...list.data, page: {} } } }],
  ['several requests', 'envelope', [{ metadata: list }, { metadata: list }]],
  ['an action in a flat request', 'flat', { ...flat, action: 'upsert' }],
  ['an envelope in a flat request', 'flat', { ...flat, metadata: list }],
  ['a flat request for what is no client', 'flat', { ...flat, is_client: false }],
  ['another resource', 'envelope', { metadata: list }, 'document'],
  ['the same resource with a query', 'envelope', { metadata: list }, 'entity?action=upsert'],
])('%s does not leave (%s)', async (_, bodyStyle, body, resource) => {
  expect(await isSent(bodyStyle, body, resource)).toBe(false);
});
