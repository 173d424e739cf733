import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ContactSyncError } from '@contact-sync/core';
import type { WebOptions } from '@contact-sync/runner';
import type { Host, HostBook } from '@contact-sync/runner/host';
import { afterEach, expect, test } from 'vitest';
import { ask, enter } from '../test/people.js';
import { startWeb } from './start.js';

const never = () => {
  throw new Error('Nobody asks for this here.');
};
const server = createServer();
afterEach(() => {
  server.removeAllListeners('request');
  server.close();
});

/** The page of a book that does only what is said of it. */
async function serving(
  does: Partial<HostBook>,
  useLink: Extract<WebOptions['access'], { by: 'link' }>['useLink'] = async () => ({
    user: 'ada',
    role: 'administrator',
  }),
) {
  const lines: object[] = [];
  const note = (facts: object, text: string) => void lines.push({ ...facts, text });
  const book = new Proxy({ name: 'default', ...does }, { get: (of, name) => Reflect.get(of, name) ?? never });
  const host: Host = {
    books: [book as HostBook],
    book: () => book as HostBook,
    problems: () => [],
    subscribe: () => () => {},
    finishSignIn: never,
    close: async () => {},
  };
  const web = await startWeb({
    host,
    access: { by: 'link', useLink, command: 'open' },
    clock: { now: () => 0, wait: () => new Promise(() => {}) },
    log: { error: note, warn: note, info: note, debug: note },
    version: '1.2.3',
  });
  server.on('request', web.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { web, url, lines, ada: await enter(url, 'x') };
}

test('what is under way when it ends is answered; what comes later is not', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<[]>();
  const { web, ada } = await serving({
    connections: () => {
      asked.resolve();
      return answer.promise;
    },
  });
  const path = '/api/v1/books/default/connections';
  const early = ada.ask(path);
  await asked.promise;
  let closed = false;
  const closing = web.close().then(() => {
    closed = true;
  });
  expect((await ada.ask(path)).status).toBe(503);
  expect(closed).toBe(false);
  answer.resolve([]);
  expect((await early).json).toEqual({ connections: [] });
  await closing;
});

test('an error that nobody expected is told to nobody, and logged without anybody in it', async () => {
  const { ada, lines, web } = await serving({
    contact: async () => {
      throw new TypeError('mary@client.example is in the way');
    },
  });
  const { status, json } = await ada.ask('/api/v1/books/default/contacts/mary%40client.example');
  expect([status, json]).toEqual([
    500,
    {
      error: {
        code: 'internal',
        message: 'Something went wrong that contact-sync does not know.',
        hint: 'The log of the service says more. Please report it.',
      },
    },
  ]);
  expect(lines).toEqual([
    {
      code: 'internal',
      route: '/api/v1/books/:book/contacts/:id',
      method: 'GET',
      error: expect.stringMatching(/^TypeError at .*start\.test\.ts:\d+:\d+$/),
      text: 'a request failed',
    },
  ]);
  await web.close();
});

test('a store that is busy is no link that is used: a page says so', async () => {
  const { url, web } = await serving({}, async (token) => {
    if (token === 'x') return { user: 'ada', role: 'administrator' };
    throw new ContactSyncError('store_busy', 'The store is in use.', { hint: 'Try again.' });
  });
  const { status, text } = await ask(`${url}/open?token=y`);
  expect(status).toBe(503);
  expect(text).toContain('<p>The store is in use.</p>\n<p>Try again.</p>');
  await web.close();
});

test.each([
  ['store_busy', 503],
  ['locked', 409],
  ['store_conflict', 409],
  ['connection_paused', 409],
  ['contact_read_only', 403],
  ['setting_invalid', 400],
  ['source_unauthorized', 502],
  ['store_failed', 500],
] as const)('%s is a %i', async (code, expected) => {
  const { ada, web } = await serving({
    connections: async () => {
      throw new ContactSyncError(code, 'It did not work.', { hint: 'Try again.', cause: new Error('a-canary') });
    },
  });
  const { status, json } = await ada.ask('/api/v1/books/default/connections');
  expect([status, json]).toEqual([expected, { error: { code, message: 'It did not work.', hint: 'Try again.' } }]);
  await web.close();
});
