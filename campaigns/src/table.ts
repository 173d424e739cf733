import type { Result } from './campaign.js';

/** A line for each campaign, what happened in its cases below. */
export function table(results: readonly Result[]): string {
  const head = ['Campaign', 'Cases', 'Time', 'Result', 'What was tried'];
  const rows = results.map(({ name, title, runs, wanted, milliseconds, outcome }) => {
    const cases = runs === wanted ? grouped(runs) : `${grouped(runs)} of ${grouped(wanted)}`;
    return [name, cases, time(milliseconds), outcome, title];
  });
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width));
  const details = results.flatMap(({ name, runs, tally, note }) => {
    const counts = [...tally].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = counts.map(([word, n]) => `  ${grouped(n).padStart(6)}  ${share(n, runs)}  ${word}`);
    return ['', `${name}:`, ...lines, ...(note === null ? [] : [`  ${note.replaceAll('\n', '\n  ')}`])];
  });
  return [line(head), line(rule), ...rows.map(line), ...details, ''].join('\n');
}

function grouped(number: number): string {
  return number.toLocaleString('en');
}

function share(part: number, of: number): string {
  return `${Math.round((100 * part) / of)} %`.padStart(5);
}

function time(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
