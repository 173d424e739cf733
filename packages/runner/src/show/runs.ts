import type { Run } from '@contact-sync/core';
import type { Terminal } from '../terminal.js';
import { countsLine } from './counts.js';
import { printable } from './printable.js';
import { table } from './table.js';

export function runsTable(terminal: Terminal, runs: readonly Run[]): string {
  const rows = runs.map((run) => [
    run.id,
    run.at,
    run.kind,
    printable(run.source ?? '–'),
    printable(run.actor),
    run.outcome,
    summaryOf(run),
  ]);
  return table(terminal, ['Run', 'When', 'What', 'Source', 'Who', 'Outcome', 'Summary'], rows, {
    shares: [null, null, null, 2, null, null, 5],
  });
}

function summaryOf({ outcome, error, blocked, counts }: Run): string {
  if (outcome === 'failed' && error !== null) return `${error.code}: ${printable(error.message)}`;
  if (outcome === 'blocked') return blocked.map(({ message }) => message).join(' ');
  return countsLine(counts);
}
