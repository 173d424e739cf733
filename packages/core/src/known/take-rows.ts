import { ContactSyncError } from '../error.js';
import type { Policy } from '../policy.js';
import {
  isRawRecord,
  type Page,
  type RawRecord,
  type RawRows,
  type RowOutcome,
  rowOutcomeSchema,
  type UnreadableRow,
} from '../source.js';
import type { KeptRows } from '../store.js';
import { type KnownRows, knownRows } from './known-rows.js';
import { meaning } from './meaning.js';
import { hashRows, keyFor, type RowHash, type RowKey, recordHasher } from './row-hash.js';

/** What rows are compared with while they are read. */
export type RowComparison = { readonly known: KnownRows; keyOf(mapping: string | null): RowKey };

/** The rows of a read that were not passed over: beside each record its place among all rows that came, and its hash. */
export type ComparedRows = {
  readonly known: KnownRows;
  readonly places: readonly number[];
  readonly lows: readonly number[];
  readonly highs: readonly number[];
};

/** `trusted` false: rows are hashed, for the next sync, and all of them are read. */
export function rowComparison(kept: KeptRows, policy: Policy, trusted = true): RowComparison {
  const keys = new Map<string | null, RowKey>();
  return {
    known: knownRows(kept, trusted),
    keyOf(mapping) {
      const key = keys.get(mapping) ?? keyFor(kept.seed, meaning(mapping, policy));
      keys.set(mapping, key);
      return key;
    },
  };
}

/** Takes the rows of one page after the other. */
export function rowTaker(source: string, comparison: RowComparison | undefined) {
  const records: RawRecord[] = [];
  const unreadable: UnreadableRow[] = [];
  const skipped = new Map<string, number>();
  const places: number[] = [];
  const lows: number[] = [];
  const highs: number[] = [];
  const hash: RowHash = { low: 0, high: 0 };
  const hashRecord = recordHasher();
  /** Of the rows of a page, two words each. */
  let hashes = new Int32Array(0);
  let rows = 0;
  let passed = 0;

  /** Whether the row with this hash need not be read. */
  function passes(low: number, high: number): boolean {
    const known = comparison?.known.pass(low, high, rows) === true;
    if (known) passed += 1;
    return known;
  }

  /** A record, once it is known that it has to be looked at. */
  function take(record: RawRecord, low: number, high: number): void {
    // A copy: what the source does with its own later is nothing to us.
    records.push({ externalId: record.externalId, name: record.name, email: record.email, phone: record.phone });
    if (comparison === undefined) return;
    places.push(rows);
    lows.push(low);
    highs.push(high);
  }

  function takeOutcome(outcome: RowOutcome, low: number, high: number): void {
    if ('record' in outcome) take(outcome.record, low, high);
    else if ('unreadable' in outcome) unreadable.push(outcome.unreadable);
    else skipped.set(outcome.skipped, (skipped.get(outcome.skipped) ?? 0) + 1);
  }

  function takeRaw({ bytes, bounds, mapping, read }: RawRows): void {
    if (hashes.length < bounds.length) hashes = new Int32Array(bounds.length);
    // All are hashed before any is looked up, so that the waits for memory of several look-ups fall together.
    if (comparison !== undefined) hashRows(comparison.keyOf(mapping), bytes, bounds, hashes);
    for (let row = 0; row * 2 < bounds.length; row += 1, rows += 1) {
      const low = hashes[row * 2] ?? 0;
      const high = hashes[row * 2 + 1] ?? 0;
      if (!passes(low, high)) takeOutcome(checked(read(row), source, row), low, high);
    }
  }

  return {
    /** How many there are, those that were passed over included. */
    records: () => records.length + passed,
    taken: () => ({
      records,
      unreadable,
      skipped: Object.fromEntries(skipped),
      rows,
      ...(comparison === undefined ? {} : { compared: { known: comparison.known, places, lows, highs } }),
    }),
    take(page: Page): void {
      const key = comparison?.keyOf(null);
      for (const record of page.records) {
        if (key !== undefined) hashRecord(key, record, hash);
        if (!passes(hash.low, hash.high)) take(record, hash.low, hash.high);
        rows += 1;
      }
      for (const row of page.unreadable) unreadable.push(row);
      rows += page.unreadable.length;
      for (const [filter, n] of Object.entries(page.skipped)) {
        skipped.set(filter, (skipped.get(filter) ?? 0) + n);
        rows += n;
      }
      if (page.raw !== undefined) takeRaw(page.raw);
    },
  };
}

function checked(outcome: RowOutcome, source: string, row: number): RowOutcome {
  if ('record' in outcome && isRawRecord(outcome.record) && Object.keys(outcome).length === 1) return outcome;
  if (rowOutcomeSchema.safeParse(outcome).success) return outcome;
  throw new ContactSyncError('source_broken', `The connector of ${source} read row ${row} into a wrong shape.`, {
    hint: 'Nothing was written. Please report this to the author of the connector.',
  });
}
