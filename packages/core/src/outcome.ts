import type { Page, RawRecord, UnreadableRow } from './source.js';

/** What becomes of one row of the wire: exactly one of the three, so that counts add up. */
export type RowOutcome<Filter extends string = string> =
  | { readonly record: RawRecord }
  | { readonly unreadable: UnreadableRow }
  | { readonly skipped: Filter };

/** The page of these rows. */
export function pageOf(outcomes: readonly RowOutcome[], requestsLeft?: Page['requestsLeft']): Page {
  const skipped: Record<string, number> = {};
  for (const outcome of outcomes) {
    if ('skipped' in outcome) skipped[outcome.skipped] = (skipped[outcome.skipped] ?? 0) + 1;
  }
  return {
    records: outcomes.flatMap((outcome) => ('record' in outcome ? [outcome.record] : [])),
    unreadable: outcomes.flatMap((outcome) => ('unreadable' in outcome ? [outcome.unreadable] : [])),
    skipped,
    ...(requestsLeft === undefined ? {} : { requestsLeft }),
  };
}
