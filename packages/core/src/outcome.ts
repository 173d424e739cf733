import type { Page, RawRecord, RowOutcome, UnreadableRow } from './source.js';

/** The page of these rows. */
export function pageOf(outcomes: readonly RowOutcome[], requestsLeft?: Page['requestsLeft']): Page {
  const records: RawRecord[] = [];
  const unreadable: UnreadableRow[] = [];
  const skipped: Record<string, number> = {};
  for (const outcome of outcomes) {
    if ('record' in outcome) records.push(outcome.record);
    else if ('unreadable' in outcome) unreadable.push(outcome.unreadable);
    else skipped[outcome.skipped] = (skipped[outcome.skipped] ?? 0) + 1;
  }
  return { records, unreadable, skipped, ...(requestsLeft === undefined ? {} : { requestsLeft }) };
}
