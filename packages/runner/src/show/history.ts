import type { HistoryEntry } from '@contact-sync/core';
import type { Terminal } from '../terminal.js';
import { decisionJson, differenceText, reasonText } from './plan.js';
import { printable } from './printable.js';
import { table } from './table.js';

/** What the runs decided about one contact, the newest first, each with its difference. */
export function historyText(terminal: Terminal, entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return 'No run that the book remembers decided anything about it.\n';
  const rows = entries.map(({ run, decision }) => [
    `${run.id} ${run.kind}${run.outcome === 'applied' ? '' : `, ${run.outcome}`}`,
    [run.at, `by ${printable(run.actor)}`, ...(run.why === null ? [] : [printable(run.why)])].join('\n'),
    reasonText(terminal, decision),
    differenceText(terminal, decision),
  ]);
  return table(terminal, ['Run', 'When', 'Reason', 'Difference'], rows, { shares: [1, 2, 4, 4], ruled: true });
}

/** The same for programs. */
export function historyJson(entries: readonly HistoryEntry[], next: string | null): object {
  return { entries: entries.map(({ run, decision }) => ({ run, decision: decisionJson(decision) })), next };
}
