import type { z } from 'zod';
import { ContactSyncError } from './error.js';
import { type ComparedRows, type RowComparison, rowTaker } from './known/take-rows.js';
import {
  type Complete,
  type ContactSource,
  completeSchema,
  isRawRecord,
  lookedAtPageSchema,
  type Page,
  pageSchema,
  type RawRecord,
  type UnreadableRow,
} from './source.js';

/** A complete read: the only thing from which a sync may be planned. */
export type Read = {
  readonly source: string;
  readonly tenant: string | null;
  readonly records: readonly RawRecord[];
  readonly unreadable: readonly UnreadableRow[];
  readonly skipped: Readonly<Record<string, number>>;
  /** Rows on the wire: records, unreadable and skipped, and those that were passed over. */
  readonly rows: number;
  /** Where rows were compared with what the book knows of them: those that it knows are not in `records`. */
  readonly compared?: ComparedRows;
};

export type ReadProgress = {
  readonly pages: number;
  readonly records: number;
  readonly requestsLeft: Readonly<Record<string, number>> | undefined;
};

/**
 * Reads everything a source has. Resolves only with a complete read; rejects with the source's own error, with
 * `source_broken` where it breaks the interface, with `cancelled` as soon as the signal is aborted, and with what
 * `onProgress` throws.
 */
export async function readAll(
  source: ContactSource,
  options: {
    signal?: AbortSignal | undefined;
    onProgress?: ((progress: ReadProgress) => void) | undefined;
    /** What the book knows of the source's rows; without it, every row is read. */
    comparison?: RowComparison | undefined;
  } = {},
): Promise<Read> {
  const signal = options.signal ?? new AbortController().signal;
  const rows = rowTaker(source.source, options.comparison);
  const steps = stepsOf(source, signal, rows.take);
  try {
    for (let pages = 1; ; pages += 1) {
      const step = await steps.next(pages);
      if (step.done) {
        return { source: source.source, tenant: step.value.tenant, ...rows.taken() };
      }
      options.onProgress?.({ pages, records: rows.records(), requestsLeft: step.value.requestsLeft });
    }
  } finally {
    void steps.close();
  }
}

/** The steps of one read, checked, their rows taken; every error of theirs is a ContactSyncError. */
function stepsOf(source: ContactSource, signal: AbortSignal, take: (page: Page) => void) {
  let generator: AsyncGenerator<Page, Complete, void> | undefined;
  let onAbort = () => {};
  // A source that does not listen to its signal must not keep a cancelled read waiting.
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
  });
  // Whoever is in `next` hears of it; nobody may be.
  aborted.catch(() => undefined);

  return {
    async next(page: number): Promise<IteratorResult<Page, Complete>> {
      try {
        signal.throwIfAborted();
        generator ??= source.read({ signal });
        // A read that was cancelled proves nothing, even if it ends at once: the abort comes first.
        const step = await Promise.race([aborted, generator.next()]);
        if (step.done) {
          return { done: true, value: parse(completeSchema, step.value, source.source, 'the end of the read') };
        }
        const value = parse(
          areLookedAt(step.value) ? lookedAtPageSchema : pageSchema,
          step.value,
          source.source,
          `page ${page}`,
        );
        take(value);
        return { done: false, value };
      } catch (error) {
        if (signal.aborted) throw cancelled(source.source, error);
        if (ContactSyncError.is(error)) throw error;
        throw unexplained(source.source, error);
      }
    },
    /**
     * Lets the source close its connection. Nobody waits for that: it may never end, for instance behind a `next()`
     * that does not either, and what it says adds nothing to how the read ended.
     */
    async close(): Promise<void> {
      signal.removeEventListener('abort', onAbort);
      try {
        await generator?.return({ complete: true, tenant: null });
      } catch {
        // Not hidden: whatever went wrong with the read itself has been thrown already.
      }
    },
  };
}

/** Whether the records of a page are in order; if not, the schema says what is wrong. */
function areLookedAt(page: unknown): boolean {
  if (page === null || typeof page !== 'object' || !('records' in page)) return false;
  return Array.isArray(page.records) && page.records.every(isRawRecord);
}

function cancelled(source: string, cause: unknown): ContactSyncError {
  return new ContactSyncError('cancelled', `The read of ${source} was cancelled.`, {
    hint: 'Nothing was written. Run it again when you like.',
    cause,
  });
}

function unexplained(source: string, cause: unknown): ContactSyncError {
  return new ContactSyncError('source_broken', `The connector of ${source} failed in a way it does not explain.`, {
    hint: 'Nothing was written. Please report this to the author of the connector.',
    cause,
  });
}

function parse<T>(schema: z.ZodType<T>, value: unknown, source: string, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined ? '' : ` at ${issue.path.join('.') || 'its top'} (${issue.code})`;
  throw new ContactSyncError(
    'source_broken',
    `The connector of ${source} handed over ${what} in a wrong shape${where}.`,
    {
      hint: 'Nothing was written. Please report this to the author of the connector.',
    },
  );
}
