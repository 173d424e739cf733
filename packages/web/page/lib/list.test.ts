import { expect, test, vi } from 'vitest';
import { createList, type LoadPart, type Part } from './list.js';
import { ApiError } from './request.js';

/** A list whose answers come when the test says. */
function ordered() {
  const asked: {
    after: string | undefined;
    signal: AbortSignal;
    answer: (part: Part<string>) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const load: LoadPart<string> = (after, signal) =>
    new Promise((answer, fail) => {
      asked.push({ after, signal, answer, fail });
    });
  return { list: createList(load), asked };
}

const settled = () => new Promise((done) => setTimeout(done));

test('parts are read one after the other, until the list ends', async () => {
  const { list, asked } = ordered();
  list.more();
  list.more();
  expect(asked.map(({ after }) => after)).toEqual([undefined]);
  expect(list.state().loading).toBe(true);
  asked[0]?.answer({ items: ['a', 'b'], next: 'b' });
  await settled();
  list.more();
  asked[1]?.answer({ items: ['c'], next: null });
  await settled();
  list.more();
  expect(asked.map(({ after }) => after)).toEqual([undefined, 'b']);
  expect(list.state()).toEqual({ items: ['a', 'b', 'c'], next: null, loading: false, error: null });
});

test('an older answer never comes after a newer one, and its request is ended', async () => {
  const { list, asked } = ordered();
  list.more();
  list.reload();
  asked[1]?.answer({ items: ['new'], next: null });
  asked[0]?.answer({ items: ['old'], next: null });
  await settled();
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(list.state().items).toEqual(['new']);
});

test('while it is read anew, what was there is shown', async () => {
  const { list, asked } = ordered();
  list.more();
  asked[0]?.answer({ items: ['a'], next: 'a' });
  await settled();
  list.reload();
  expect(list.state()).toMatchObject({ items: ['a'], loading: true });
  asked[1]?.answer({ items: ['b'], next: null });
  await settled();
  expect(list.state().items).toEqual(['b']);
});

test('what goes wrong is told, and can be tried again', async () => {
  const { list, asked } = ordered();
  const heard = vi.fn();
  list.subscribe(heard);
  list.more();
  const error = new ApiError('store_busy', 'Busy.', 'Wait.', 503);
  asked[0]?.fail(error);
  await settled();
  expect(list.state()).toEqual({ items: [], next: undefined, loading: false, error });
  list.more();
  asked[1]?.answer({ items: ['a'], next: null });
  await settled();
  expect(list.state()).toMatchObject({ items: ['a'], error: null });
  expect(heard).toHaveBeenCalledTimes(4);
});

test('after a stop it can be gone on with', async () => {
  const { list, asked } = ordered();
  list.more();
  list.stop();
  expect(asked[0]?.signal.aborted).toBe(true);
  asked[0]?.answer({ items: ['late'], next: null });
  await settled();
  expect(list.state()).toEqual({ items: [], next: undefined, loading: false, error: null });
  list.more();
  expect(asked).toHaveLength(2);
});
