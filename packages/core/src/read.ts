import type { z } from 'zod';
import { ContactSyncError } from './error.js';
import { type ContactSource, completeSchema, type Page, pageSchema, type RawRecord, type UnreadableRow } from './source.js';

/** A complete read: the only thing from which a sync may be planned. */
export type Read = {
  readonly source: string;
  readonly tenant: string | null;
  readonly records: readonly RawRecord[];
  readonly unreadable: readonly UnreadableRow[];
  readonly skipped: Readonly<Record<string, number>>;
  /** Rows on the wire: records, unreadable and skipped. */
  readonly rows: number;
};

export type ReadProgress = {
  readonly pages: number;
  readonly records: number;
  readonly requestsLeft: Readonly<Record<string, number>> | undefined;
};

/**
 * Reads everything a source has. Resolves only with a complete read; rejects with the source's own error, with
 * `source_broken` where it breaks the interface, and with `cancelled`.
 */
export async function readAll(
  source: ContactSource,
  options: { signal?: AbortSignal | undefined; onProgress?: ((progress: ReadProgress) => void) | undefined } = {},
): Promise<Read> {
  const signal = options.signal ?? new AbortController().signal;
  const records: RawRecord[] = [];
  const unreadable: UnreadableRow[] = [];
  const skipped = new Map<string, number>();
  let rows = 0;

  const generator = source.read({ signal });
  try {
    for (let pages = 1; ; pages += 1) {
      if (signal.aborted) throw cancelled(source.source);
      const step = await generator.next();
      // A read that was cancelled proves nothing, however it ended.
      if (signal.aborted) throw cancelled(source.source);
      if (step.done) {
        const { tenant } = parse(completeSchema, step.value, source.source, 'the end of the read');
        return { source: source.source, tenant, records, unreadable, skipped: Object.fromEntries(skipped), rows };
      }
      const page: Page = parse(pageSchema, step.value, source.source, `page ${pages}`);
      for (const record of page.records) records.push(record);
      for (const row of page.unreadable) unreadable.push(row);
      rows += page.records.length + page.unreadable.length;
      for (const [filter, n] of Object.entries(page.skipped)) {
        skipped.set(filter, (skipped.get(filter) ?? 0) + n);
        rows += n;
      }
      options.onProgress?.({ pages, records: records.length, requestsLeft: page.requestsLeft });
    }
  } catch (error) {
    // Lets the source close its connection. It was told to stop by an error already: what it says now adds nothing.
    await generator.return({ complete: true, tenant: null }).catch(() => undefined);
    if (ContactSyncError.is(error)) throw error;
    if (signal.aborted) throw cancelled(source.source, error);
    throw new ContactSyncError('source_broken', `The connector of ${source.source} failed in a way it does not explain.`, {
      hint: 'Nothing was written. Please report this to the author of the connector.',
      cause: error,
    });
  }
}

function cancelled(source: string, cause?: unknown): ContactSyncError {
  return new ContactSyncError('cancelled', `The read of ${source} was cancelled.`, {
    hint: 'Nothing was written. Run it again when you like.',
    cause,
  });
}

function parse<T>(schema: z.ZodType<T>, value: unknown, source: string, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined ? '' : ` at ${issue.path.join('.') || 'its top'} (${issue.code})`;
  throw new ContactSyncError('source_broken', `The connector of ${source} handed over ${what} in a wrong shape${where}.`, {
    hint: 'Nothing was written. Please report this to the author of the connector.',
  });
}
