import type { Check } from '../doctor/check.js';
import type { Terminal } from '../terminal.js';
import { printable } from './printable.js';

const marks = { ok: ['green', '✓'], warning: ['yellow', '!'], failed: ['red', '✗'] } as const;

/** A line, and below it what to do. */
export function checkText(terminal: Terminal, { area, source, state, says, hint }: Check): string {
  const [colour, mark] = marks[state];
  const about = source === null ? area : `${area} of ${printable(source)}`;
  const lines = [`${terminal.style(colour, mark)} ${terminal.style('bold', about)}: ${text(says)}`];
  if (hint !== null) lines.push(`    ${text(hint)}`);
  return `${lines.join('\n')}\n`;
}

export function summaryText(terminal: Terminal, checks: readonly Check[]): string {
  const count = (state: Check['state']) => checks.filter((check) => check.state === state).length;
  const [wrong, doubtful] = [count('failed'), count('warning')];
  const said = [
    ...(wrong === 0 ? [] : [`${wrong} to mend`]),
    ...(doubtful === 0 ? [] : [`${doubtful} to look at`]),
    `${count('ok')} well`,
  ];
  return `\n${terminal.style('bold', wrong + doubtful === 0 ? 'All is well.' : `${said.join(', ')}.`)}\n`;
}

function text(lines: string): string {
  return lines
    .split('\n')
    .map((line, index) => (index === 0 ? '' : '    ') + printable(line))
    .join('\n');
}
