import type { Page, RowOutcome } from './source.js';

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
