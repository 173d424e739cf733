import { type Reason, type ReasonInfo, reasons } from '@contact-sync/core';
import { numberText } from '@contact-sync/runner/components';
import type { Run } from '../../lib/types.js';
import type { Standing } from '../connections/standing.js';

const kinds: Readonly<Record<Run['kind'], string>> = {
  sync: 'Sync',
  import: 'Import of a file',
  connection: 'Connection',
  disconnect: 'Disconnect',
  pause: 'Pause',
  resume: 'Resume',
  'force-manual': 'Force manual',
  release: 'Release',
  edit: 'Edit',
  add: 'New contact',
  link: 'Link by hand',
  approve: 'Approval of a held record',
  undo: 'Undo',
  forget: 'Forget',
};

/** What a run was for. A sync that a person approved after a guard had stopped it is called so. */
export function kindWords({ kind, approves }: Pick<Run, 'kind' | 'approves'>): string {
  return approves === null ? kinds[kind] : `${kinds[kind]}, approved`;
}

export const outcomeWords: Readonly<Record<Run['outcome'], string>> = {
  applied: 'Done',
  unchanged: 'Nothing to change',
  blocked: 'Stopped by a guard',
  failed: 'Failed',
};

export const outcomeSentences: Readonly<Record<Run['outcome'], string>> = {
  applied: 'Done: the contact book was changed.',
  unchanged: 'Done: there was nothing to change in the contact book.',
  blocked: 'Stopped by a guard: nothing was written.',
  failed: 'Failed: the contact book is as it was.',
};

export const outcomeMarks: Readonly<Record<Run['outcome'], Standing['mark']>> = {
  applied: 'well',
  unchanged: 'off',
  blocked: 'attention',
  failed: 'attention',
};

type Action = ReasonInfo['action'];

/** What was done with so many, in the order in which people ask. */
const done: readonly (readonly [Action, string])[] = [
  ['create', 'created'],
  ['update', 'updated'],
  ['match', 'matched'],
  ['relink', 'linked again'],
  ['release', 'made manual'],
  ['import', 'imported'],
  ['undo', 'undone'],
  ['forget', 'forgotten'],
  ['mark', 'missing'],
  ['hold', 'held'],
  ['reject', 'rejected'],
  ['none', 'unchanged'],
];

/** A run in one line: `3 created, 1 held, 412 unchanged`. Null where there is nothing to count. */
export function countsWords({ counts }: Pick<Run, 'counts'>): string | null {
  const sums = new Map<Action, number>();
  for (const [reason, n] of Object.entries(counts.reasons)) {
    const { action } = reasons[reason as Reason];
    sums.set(action, (sums.get(action) ?? 0) + n);
  }
  const skipped = Object.values(counts.skipped).reduce((sum, n) => sum + n, 0);
  const parts = done.flatMap(([action, word]) => {
    const n = sums.get(action) ?? 0;
    return n === 0 ? [] : [`${numberText(n)} ${word}`];
  });
  if (skipped > 0) parts.push(`${numberText(skipped)} left out`);
  return parts.length === 0 ? null : parts.join(', ');
}

/** What there is to say of a run in one line: its counts, or why it did not come to any. */
export function summaryWords(run: Run): string {
  if (run.error !== null) return run.error.message;
  if (run.outcome === 'blocked') return run.blocked.map(({ message }) => message).join(' ');
  const counted = countsWords(run);
  if (counted !== null) return counted;
  // The note beside it says what was done.
  return run.kind === 'sync' ? 'Nothing was read.' : '';
}
