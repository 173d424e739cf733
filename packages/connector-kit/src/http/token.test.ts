import type { AccessTokens } from '@contact-sync/core';
import { ContactSyncError } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { anySignal, canary, clientOf, fault, web } from '../../test/support.js';
import type { ErrorAnswer } from './types.js';

const signal = anySignal();

/** Tokens 1, 2, 3 …; `told` has those that were called refused. */
function numbered(better: (token: string) => boolean = () => true) {
  let number = 1;
  const told: string[] = [];
  const tokens: AccessTokens = {
    get: async () => `${canary}-${number}`,
    refused: async (token) => {
      told.push(token);
      if (better(token)) number += 1;
      return better(token);
    },
  };
  return { tokens, told };
}

/** Answers with these, one after the other, the last one for ever; `seen` has the tokens. */
async function answering(...statuses: number[]) {
  const seen: (string | undefined)[] = [];
  const server = await web((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(statuses[Math.min(seen.length, statuses.length) - 1] ?? 200).end('ok');
  });
  return { server, seen };
}

const bearer = (...numbers: number[]) => numbers.map((number) => `Bearer ${canary}-${number}`);

test('a token that was given is sent, in place of any other, and a 401 is a 401', async () => {
  const { server, seen } = await answering(401);
  const { client } = clientOf([server.url], {
    accessToken: `${canary}-1`,
    headers: () => ({ Authorization: 'other' }),
  });
  expect((await fault(client.get(server.url, { signal }))).code).toBe('source_unauthorized');
  expect(seen).toEqual(bearer(1));
});

test('a token that was refused is told, and the request is made once more with the next one', async () => {
  const { server, seen } = await answering(401, 200);
  const { tokens, told } = numbered();
  const { client, waits } = clientOf([server.url], { accessToken: tokens });
  expect(await (await client.get(server.url, { signal })).text()).toBe('ok');
  expect(seen).toEqual(bearer(1, 2));
  expect(told).toEqual([`${canary}-1`]);
  expect(waits).toEqual([]);
});

test('only once: a second 401 is the answer', async () => {
  const { server, seen } = await answering(401);
  const { tokens, told } = numbered();
  const { client } = clientOf([server.url], { accessToken: tokens });
  expect((await fault(client.get(server.url, { signal }))).code).toBe('source_unauthorized');
  expect(seen).toEqual(bearer(1, 2));
  expect(told).toHaveLength(1);
  // The next request may tell it again.
  await fault(client.get(server.url, { signal }));
  expect(seen).toEqual(bearer(1, 2, 2, 3));
});

test('not at all where there is no better token', async () => {
  const { server, seen } = await answering(401);
  const { client } = clientOf([server.url], { accessToken: numbered(() => false).tokens });
  expect((await fault(client.get(server.url, { signal }))).code).toBe('source_unauthorized');
  expect(seen).toEqual(bearer(1));
});

test('a 401 of which the connector says that it is something else is not the token', async () => {
  const { server, seen } = await answering(401);
  const { tokens, told } = numbered();
  const refusal = ({ status }: ErrorAnswer) =>
    new ContactSyncError('source_forbidden', `No scope (${status}).`, { hint: 'Ask.' });
  const { client } = clientOf([server.url], { accessToken: tokens, refusal });
  expect((await fault(client.get(server.url, { signal }))).message).toBe('No scope (401).');
  expect([seen, told]).toEqual([bearer(1), []]);
});

test.each([403, 400, 500])('status %i is not the token', async (status) => {
  const { server } = await answering(status);
  const { tokens, told } = numbered();
  await fault(clientOf([server.url], { accessToken: tokens }).client.get(server.url, { signal }));
  expect(told).toEqual([]);
});

test('a renewal takes no try away, and comes among them', async () => {
  const { server, seen } = await answering(503, 401, 503, 503, 200);
  const { client, waits } = clientOf([server.url], { accessToken: numbered().tokens });
  expect(await (await client.get(server.url, { signal })).text()).toBe('ok');
  expect(seen).toEqual(bearer(1, 1, 2, 2, 2));
  expect(waits).toHaveLength(3);
});

test('what goes wrong with the tokens is the error, and nothing is sent', async () => {
  const { server, seen } = await answering(200);
  const get = async () => {
    throw new ContactSyncError('source_reconnect', 'Not connected.', { hint: 'Connect.' });
  };
  const { client } = clientOf([server.url], { accessToken: { get, refused: async () => true } });
  expect((await fault(client.get(server.url, { signal }))).code).toBe('source_reconnect');
  expect(seen).toEqual([]);
});
