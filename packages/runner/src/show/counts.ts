import { type Counts, type Flag, flags, type Reason, reasonCodes, reasons } from '@contact-sync/core';
import type { Terminal } from '../terminal.js';
import { table } from './table.js';

/** What became of every row of the read. */
export function countsText(terminal: Terminal, counts: Counts): string {
  const of = (kind: 'record' | 'contact') =>
    reasonCodes
      .filter((reason) => reasons[reason].of === kind)
      .map((reason) => [reason, counts.reasons[reason] ?? 0] as const)
      .filter(([, n]) => n > 0);
  const line = (n: number, code: string, sentence: string) => [String(n), code, sentence];
  const rows = [
    ...of('record').map(([reason, n]) => line(n, reason, reasons[reason].sentence)),
    ...Object.entries(counts.skipped).map(([filter, n]) =>
      line(n, `skipped: ${filter}`, 'Left out by a setting or a mark of the source.'),
    ),
  ];
  const read = [String(counts.rows), terminal.style('bold', 'rows read'), ''];
  const beside = [
    ...of('contact').map(([reason, n]) => line(n, reason, reasons[reason].sentence)),
    ...Object.entries(counts.flags).map(([flag, n]) => line(n, `⚑ ${flag}`, flags[flag as Flag])),
  ];
  return table(
    terminal,
    ['Count', 'Outcome', ''],
    [...rows, ...(counts.rows > 0 || rows.length > 0 ? [read] : []), ...beside],
    {
      shares: [null, null, 1],
    },
  );
}

/** In one line: `5 rows: 1 updated, 4 unchanged`. */
export function countsLine(counts: Counts): string {
  const reasonsOf = Object.entries(counts.reasons) as [Reason, number][];
  const skipped = Object.values(counts.skipped).reduce((sum, n) => sum + n, 0);
  const parts = [...reasonsOf.map(([reason, n]) => `${n} ${reason}`), ...(skipped > 0 ? [`${skipped} skipped`] : [])];
  return parts.length === 0 ? 'nothing was read' : parts.join(', ');
}
