import type { Explanation } from '../explain.js';
import type { Terminal } from '../terminal.js';
import { decisionsTable } from './plan.js';
import { printable } from './printable.js';

/** One record taken through every line of the rules: which fitted, and why the others did not. */
export function explanationText(terminal: Terminal, explanation: Explanation): string {
  const { record, steps, decision } = explanation;
  const said =
    record.says === null
      ? ''
      : `: ${[record.says.name, record.says.email, record.says.phone ?? 'no phone'].map(printable).join(', ')}`;
  const text = [terminal.style('bold', `Record ${printable(record.externalId ?? 'without an id')}${said}`)];
  for (const { line, when, whyNot } of steps) {
    text.push(
      whyNot === null
        ? `  ${terminal.style('green', '✔')} line ${line}: ${when}`
        : `  ${terminal.style('dim', `· line ${line}: ${when} – no, ${printable(whyNot)}`)}`,
    );
  }
  return `${text.join('\n')}\n\n${decisionsTable(terminal, [decision])}`;
}
