import { ContactSyncError } from '../error.js';
import type { Complete, ContactSource, Page, RawRecord } from '../source.js';
import type { OpenedSource, SourceHarness } from './source-harness.js';
import { people, personal, secret } from './source-worlds.js';

/** What a check has at hand. Whatever it waits for, it waits for no longer than the harness's patience. */
export type Kit = {
  readonly harness: SourceHarness;
  /** Aborted when the check is over, so that a source which goes on for ever does not. */
  readonly signal: AbortSignal;
  open(world?: { records?: readonly RawRecord[]; others?: number }): Promise<OpenedSource>;
  within<T>(work: Promise<T>, what: string): Promise<T>;
  until(condition: () => boolean, what: string): Promise<void>;
  /** Reads to the end. Pages are taken loosely: that they are right in everything is a check of its own. */
  read(source: ContactSource): Promise<Whole>;
  close(): Promise<void>;
};

/** One check, as the kit's own files write it. Throws if the connector does not pass. */
export type Check = {
  readonly id: string;
  readonly name: string;
  /** What the system must be able to do for the check to make sense. */
  readonly needs?: readonly (keyof NonNullable<SourceHarness['cannot']>)[];
  check(kit: Kit): Promise<void>;
};

export type Whole = { records: RawRecord[]; unreadable: number; skipped: number; pages: unknown[]; end: unknown };
export type Reading = AsyncGenerator<Page, Complete, void>;

export function fail(message: string, cause?: unknown): never {
  throw new Error(message, cause === undefined ? undefined : { cause });
}

export function kitFor(harness: SourceHarness): Kit {
  const patience = harness.patienceMs ?? 2000;
  const over = new AbortController();
  const opened: OpenedSource[] = [];
  const rowsOf = new WeakMap<ContactSource, number>();

  async function within<T>(work: Promise<T>, what: string): Promise<T> {
    const done = new AbortController();
    const late = harness.wait(patience, done.signal).then(
      () => fail(`${what} took longer than ${patience} ms`),
      // The wait was called off, since the work is done: nobody listens any more.
      () => new Promise<never>(() => {}),
    );
    try {
      return await Promise.race([work, late]);
    } finally {
      done.abort();
    }
  }

  async function read(source: ContactSource): Promise<Whole> {
    const reading = source.read({ signal: over.signal });
    const whole: Whole = { records: [], unreadable: 0, skipped: 0, pages: [], end: undefined };
    // A page without any row is allowed now and then, but a read has an end.
    const atMost = 100 + 2 * (rowsOf.get(source) ?? 0);
    for (;;) {
      const step = await within(reading.next(), 'a step of the read');
      if (step.done) return { ...whole, end: step.value };
      take(step.value, whole);
      if (whole.pages.length > atMost) fail(`the read does not end: ${atMost} pages so far`);
    }
  }

  return {
    harness,
    signal: over.signal,
    within,
    read,
    async open({ records = people(several(harness)), others = 0 } = {}) {
      const next = await within(harness.open({ records, others, secret, personal }), 'open() of the harness');
      opened.push(next);
      rowsOf.set(next.source, next.rows);
      return next;
    },
    async until(condition, what) {
      for (let waited = 0; !condition(); waited += 1) {
        if (waited > patience) fail(`${what} did not happen within ${patience} ms`);
        await harness.wait(1, over.signal);
      }
    },
    async close() {
      over.abort();
      for (const { close } of opened) await close?.();
    },
  };
}

/** Enough for some pages, and for a last one that is not full. */
export function several(harness: SourceHarness): number {
  return 3 * harness.pageSize + 2;
}

function take(page: Page, whole: Whole): void {
  whole.pages.push(page);
  for (const { externalId, name, email, phone } of page.records) {
    whole.records.push({ externalId, name, email, phone });
  }
  whole.unreadable += page.unreadable?.length ?? 0;
  for (const count of Object.values(page.skipped ?? {})) whole.skipped += count;
}

const fields = ['name', 'email', 'phone'] as const;

/** Whether a read gave exactly the records that the fake holds, each once, in whatever order. */
export function expectRecords(opened: OpenedSource, held: readonly RawRecord[], got: readonly RawRecord[]): void {
  const left = new Map(held.map((record) => [opened.idOf?.(record.externalId) ?? record.externalId, record]));
  const seen = new Set<string>();
  for (const record of got) {
    const id = record.externalId;
    const expected = left.get(id);
    if (expected === undefined && seen.has(id)) fail(`record ${JSON.stringify(id)} was handed over twice`);
    if (expected === undefined) fail(`record ${JSON.stringify(id)} was handed over, and the fake does not hold it`);
    left.delete(id);
    seen.add(id);
    for (const field of fields) {
      // Systems say differently that there is nothing, and core takes "" and null alike.
      if ((record[field] ?? '') === (expected[field] ?? '')) continue;
      const [is, should] = [JSON.stringify(record[field]), JSON.stringify(expected[field])];
      fail(`the ${field} of record ${JSON.stringify(id)} is ${is}, and the fake says ${should}`);
    }
  }
  const [missing] = left.keys();
  if (missing !== undefined) {
    fail(`${left.size} of ${held.length} records were not handed over, ${JSON.stringify(missing)} among them`);
  }
}

export function isCancellation(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (ContactSyncError.is(error) && error.code === 'cancelled');
}

/** An error as a message may show it. */
export function named(error: unknown): string {
  if (ContactSyncError.is(error)) return `${error.code} (${error.message})`;
  return error instanceof Error ? `${error.name} (${error.message})` : `a thrown ${typeof error}`;
}
