import { expect, test } from 'vitest';
import { eventHub } from './hub.js';
import { eventStream } from './stream.js';

/** A clock that stands still until somebody passes time. */
function handClock() {
  let now = 0;
  const waits = new Set<{ at: number; done: () => void }>();
  return {
    now: () => now,
    wait: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        const one = { at: now + ms, done: resolve };
        if (signal?.aborted) return resolve();
        waits.add(one);
        signal?.addEventListener('abort', () => resolve());
      }),
    pass(ms: number) {
      now += ms;
      for (const one of waits) if (one.at <= now && waits.delete(one)) one.done();
    },
  };
}

const progress = (source: string, rows: number) =>
  ({ type: 'progress', book: 'default', source, progress: { rows, pages: 1, requestsLeft: null } }) as const;
const run = (id: number) =>
  ({ type: 'run', book: 'default', source: 'x:1', run: String(id), kind: 'sync', outcome: 'applied' }) as const;

function streaming(lifeMs = 3_600_000) {
  const hub = eventHub();
  const clock = handClock();
  const stop = new AbortController();
  const stream = eventStream({ hub, clock, signal: stop.signal, lifeMs });
  const text = new TextDecoder();
  const next = async () => {
    const { done, value } = await stream.next();
    return done ? null : text.decode(value ?? undefined);
  };
  return { hub, clock, stop, next, stream };
}

test('what happens comes as events, and the next only after a pause', async () => {
  const { hub, clock, next } = streaming();
  expect(await next()).toBe('retry: 2000\n\n');
  const first = next();
  hub.tell(progress('x:1', 10));
  expect(await first).toBe(
    'event: progress\ndata: {"book":"default","source":"x:1","progress":{"rows":10,"pages":1,"requestsLeft":null}}\n\n',
  );
  const second = next();
  hub.tell(progress('x:1', 20));
  hub.tell(progress('x:2', 5));
  hub.tell(progress('x:1', 30));
  let came = false;
  void second.then(() => {
    came = true;
  });
  clock.pass(249);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  expect(came).toBe(false);
  clock.pass(1);
  // Of each source the newest, in the order in which they came.
  expect(await second).toContain('"source":"x:2","progress":{"rows":5');
  expect(await next()).toContain('"source":"x:1","progress":{"rows":30');
});

test('a line comes at least every 20 seconds', async () => {
  const { clock, next } = streaming();
  await next();
  const beat = next();
  clock.pass(20_000);
  expect(await beat).toBe(': still here\n\n');
});

test('it ends with its signal, and after its time', async () => {
  const one = streaming();
  await one.next();
  const ending = one.next();
  one.stop.abort();
  expect(await ending).toBeNull();
  const other = streaming(15_000);
  await other.next();
  const last = other.next();
  other.clock.pass(15_000);
  expect(await last).toBe(': still here\n\n');
  expect(await other.next()).toBeNull();
});

test('somebody slow loses no run, and one who is far too slow is ended to read anew', async () => {
  const slow = streaming();
  await slow.next();
  const first = slow.next();
  for (let id = 1; id <= 500; id += 1) slow.hub.tell(run(id));
  const got = [await first];
  for (let id = 2; id <= 500; id += 1) got.push(await slow.next());
  expect(got.map((text) => /"run":"(\d+)"/.exec(text ?? '')?.[1])).toEqual(
    Array.from({ length: 500 }, (_, n) => String(n + 1)),
  );
  const ending = slow.next();
  for (let id = 1; id <= 501; id += 1) slow.hub.tell(run(id));
  slow.clock.pass(250);
  expect(await ending).toBeNull();
});

test('whoever stops reading is told nothing any more', async () => {
  const { hub, stream, next } = streaming();
  await next();
  const first = next();
  hub.tell(run(1));
  await first;
  await stream.return();
  hub.tell(run(2));
  expect(await next()).toBeNull();
});
