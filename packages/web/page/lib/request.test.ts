import { expect, test, vi } from 'vitest';
import { bookApi } from './api.js';
import { asApiError, createRequest } from './request.js';

type Asked = { url: string; method: string; headers: Record<string, string>; body: string | null };

/** A server that answers once, and what it was asked. */
function server(answer: Response | Error) {
  const asked: Asked[] = [];
  const fetch = (async (url: string, init: RequestInit) => {
    asked.push({
      url,
      method: init.method ?? '',
      headers: init.headers as Record<string, string>,
      body: (init.body as string | undefined) ?? null,
    });
    if (answer instanceof Error) throw answer;
    return answer;
  }) as typeof globalThis.fetch;
  const signedOut = vi.fn();
  return { asked, signedOut, request: createRequest({ csrfToken: 'token', signedOut, fetch }) };
}

const refusal = (status: number, code: string) =>
  Response.json({ error: { code, message: 'What happened.', hint: 'What to do.' } }, { status });

test('reading carries no token; book, id and query are encoded', async () => {
  const { request, asked } = server(Response.json({ contacts: [], next: null }));
  await bookApi(request, 'Smith & Co').contacts({ text: 'a&b', limit: 5 });
  expect(asked).toEqual([
    {
      url: '/api/v1/books/Smith%20%26%20Co/contacts?text=a%26b&limit=5',
      method: 'GET',
      headers: { accept: 'application/json' },
      body: null,
    },
  ]);
});

test('writing carries the token and JSON', async () => {
  const { request, asked } = server(Response.json({}));
  await bookApi(request, 'main').changeContact('a/b', 'release', { why: null });
  expect(asked).toEqual([
    {
      url: '/api/v1/books/main/contacts/a%2Fb/release',
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', 'x-csrf-token': 'token' },
      body: '{"why":null}',
    },
  ]);
});

test('a delete has no answer', async () => {
  const { request } = server(new Response(null, { status: 204 }));
  expect(await bookApi(request, 'main').dropPreview('p')).toBeUndefined();
});

test('what the server refuses comes with code, sentence and hint', async () => {
  const { request, signedOut } = server(refusal(409, 'store_conflict'));
  await expect(bookApi(request, 'main').contact('7')).rejects.toMatchObject({
    code: 'store_conflict',
    message: 'What happened.',
    hint: 'What to do.',
    status: 409,
  });
  expect(signedOut).not.toHaveBeenCalled();
});

test('who is not known any more is told once', async () => {
  const { request, signedOut } = server(refusal(401, 'usage'));
  await expect(bookApi(request, 'main').contact('7')).rejects.toMatchObject({ status: 401 });
  expect(signedOut).toHaveBeenCalledTimes(1);
});

test('an answer that is no JSON, and none at all, are errors with words', async () => {
  const { request } = server(new Response('<h1>Bad gateway</h1>', { status: 502 }));
  await expect(bookApi(request, 'main').contact('7')).rejects.toMatchObject({ code: 'internal', status: 502 });
  const gone = server(new TypeError('Failed to fetch'));
  await expect(bookApi(gone.request, 'main').contact('7')).rejects.toMatchObject({ code: 'unreachable', status: 0 });
});

test('what the caller ended is no error to show', async () => {
  const ended = new AbortController();
  ended.abort();
  const { request } = server(new DOMException('Aborted', 'AbortError'));
  const error = await bookApi(request, 'main')
    .contact('7', ended.signal)
    .catch((thrown: unknown) => thrown);
  expect(asApiError(error)).toBeNull();
});
