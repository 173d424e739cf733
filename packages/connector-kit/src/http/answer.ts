import { decodedText } from './body.js';
import type { HttpAnswer } from './types.js';

/** An answer whose first bytes have been read already. */
export function answerOf(
  answer: Pick<HttpAnswer, 'status' | 'headers' | 'request'>,
  bytes: AsyncGenerator<Uint8Array, void, void>,
  first: IteratorResult<Uint8Array, void>,
): HttpAnswer {
  const body = withFirst(bytes, first);
  const textChunks = (): AsyncIterable<string> => decodedText(body, answer.headers, answer.request);
  return {
    ...answer,
    body,
    textChunks,
    text: async () => {
      let text = '';
      for await (const chunk of textChunks()) text += chunk;
      return text;
    },
    discard: async () => {
      await bytes.return();
    },
  };
}

/** Not a generator itself: leaving one that was never started would not reach the bytes and their connection. */
function withFirst(
  bytes: AsyncGenerator<Uint8Array, void, void>,
  first: IteratorResult<Uint8Array, void>,
): AsyncIterable<Uint8Array> {
  let pending: IteratorResult<Uint8Array, void> | null = first;
  const iterator: AsyncIterator<Uint8Array, void> = {
    next: async () => {
      const step = pending ?? (await bytes.next());
      pending = null;
      return step;
    },
    return: async () => bytes.return(),
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
