import cliui from 'cliui';
import stringWidth from 'string-width';
import type { Terminal } from '../terminal.js';

const gap = 2;
const narrowest = 8;

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
  const bold = headings.map((heading) => terminal.style('bold', heading));
  const natural = headings.map((heading, column) =>
    Math.max(
      ...[heading, ...rows.map((row) => row[column] ?? '')].flatMap((cell) =>
        cell.split('\n').map((line) => stringWidth(line)),
      ),
    ),
  );
  const widths = fit(natural, options.shares ?? [], terminal.width - gap * (headings.length - 1));
  const total = widths.reduce((sum, width) => sum + width + gap, -gap);
  const draw = (row: readonly string[]): string => {
    const ui = cliui({ width: total + gap, wrap: true });
    ui.div(
      ...widths.map((width, column) => ({ text: row[column] ?? '', width: width + gap, padding: [0, gap, 0, 0] })),
    );
    return ui.toString();
  };
  const rule = options.ruled ? [terminal.style('dim', '─'.repeat(total))] : [];
  const lines = [draw(bold), ...rows.flatMap((row) => [...rule, draw(row)])].join('\n').split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Columns with a share divide what the others leave; one that needs less than its part leaves the rest to the others. */
function fit(natural: readonly number[], shares: readonly (number | null)[], available: number): number[] {
  const widths = [...natural];
  const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
  if (sum(natural) <= available) return widths;
  let open = natural.flatMap((_, column) => (shares[column] == null ? [] : [column]));
  let room = available - sum(natural.filter((_, column) => shares[column] == null));
  while (open.length > 0) {
    const parts = sum(open.map((column) => shares[column] ?? 0));
    const part = (column: number) => Math.max(narrowest, Math.floor((room * (shares[column] ?? 0)) / parts));
    const content = open.filter((column) => (natural[column] ?? 0) <= part(column));
    if (content.length === 0) {
      for (const column of open) widths[column] = part(column);
      return widths;
    }
    room -= sum(content.map((column) => natural[column] ?? 0));
    open = open.filter((column) => !content.includes(column));
  }
  return widths;
}
