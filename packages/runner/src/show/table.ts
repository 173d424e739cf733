import Table from 'cli-table3';
import type { Terminal } from '../terminal.js';

const border = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '─',
  'mid-mid': '─',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * Rows under headings, fitted to the terminal. `shares` says how a width that does not suffice is divided: a column
 * without a share keeps the width of its widest cell, the others wrap.
 */
export function table(
  terminal: Terminal,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  options: { readonly shares?: readonly (number | null)[]; readonly ruled?: boolean } = {},
): string {
  const natural = headings.map((heading, column) =>
    Math.max(...[heading, ...rows.map((row) => row[column] ?? '')].flatMap((cell) => cell.split('\n')).map(widthOf)),
  );
  const widths = fit(natural, options.shares ?? [], terminal.width - 2 * (headings.length - 1));
  const drawn = new Table({
    head: headings.map((heading) => terminal.style('bold', heading)),
    colWidths: widths,
    wordWrap: true,
    wrapOnWordBoundary: false,
    chars: options.ruled ? border : { ...border, mid: '', 'mid-mid': '' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: !options.ruled },
  });
  drawn.push(...rows.map((row) => [...row]));
  return `${drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

function widthOf(cell: string): number {
  return cell.length;
}

function fit(natural: readonly number[], shares: readonly (number | null)[], available: number): number[] {
  const total = natural.reduce((sum, width) => sum + width, 0);
  if (total <= available) return [...natural];
  const fixed = natural.reduce((sum, width, column) => sum + (shares[column] == null ? width : 0), 0);
  const parts = shares.reduce((sum: number, share) => sum + (share ?? 0), 0);
  const room = Math.max(available - fixed, 12 * shares.filter((share) => share != null).length);
  return natural.map((width, column) => {
    const share = shares[column];
    return share == null ? width : Math.max(8, Math.min(width, Math.floor((room * share) / parts)));
  });
}
