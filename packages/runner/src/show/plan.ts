import { type Decision, differences, flags, type Plan, planHash, reasons } from '@contact-sync/core';
import type { Terminal } from '../terminal.js';
import { countsText } from './counts.js';
import { markedParts, type Part } from './marked.js';
import { printable } from './printable.js';
import { sentencesOf } from './sentences.js';
import { table } from './table.js';

/** Every decision of a plan with its reason and its difference, then the counts, then the guards that tripped. */
export function planText(terminal: Terminal, plan: Plan): string {
  const parts = [
    decisionsTable(terminal, plan.decisions),
    countsText(terminal, plan.counts),
    blocksText(terminal, plan),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** The same for programs: the plan, with sentences and differences beside the codes. */
export function planJson(plan: Plan): object {
  return { hash: planHash(plan), ...plan, decisions: plan.decisions.map(decisionJson) };
}

export function decisionJson(decision: Decision): object {
  const { sentence, hint } = sentencesOf(decision.reason);
  return { ...decision, sentence, ...(hint === undefined ? {} : { hint }), difference: differences(decision) };
}

/** More than this nobody reads on a terminal. */
const shown = 200;
/** Below this many columns a table says less than a list. */
const narrow = 80;

export function decisionsTable(terminal: Terminal, decisions: readonly Decision[]): string {
  if (decisions.length === 0) return '';
  const first = decisions.slice(0, shown);
  const rows = first.map((decision) => [
    whom(decision),
    printable(decision.externalId ?? '–'),
    reasonText(terminal, decision),
    differenceText(terminal, decision),
  ]);
  const drawn =
    terminal.width < narrow
      ? rows.map(([contact, record, ...more]) => `${[`${contact}, record ${record}`, ...more].join('\n')}\n`).join('\n')
      : table(terminal, ['Contact', 'Record', 'Reason', 'Difference'], rows, { shares: [2, 1, 4, 4], ruled: true });
  const more = decisions.length - first.length;
  return more === 0 ? drawn : `${drawn}… and ${more} more; --json has them all.\n`;
}

export function blocksText(terminal: Terminal, plan: Plan): string {
  if (plan.blocked.length === 0) return '';
  const lines = plan.blocked.map(({ guard, message }) => `${terminal.style('red', `Stopped by ${guard}`)}: ${message}`);
  return `${lines.join('\n')}\nNothing is written. Look at the source first: is everything there that should be?\n`;
}

function whom({ before, after, says }: Decision): string {
  const contact = after ?? before;
  const name = printable(contact?.name ?? says?.name ?? '');
  return contact === null ? name || '–' : before === null ? `${contact.id} ${name} (new)` : `${contact.id} ${name}`;
}

/** Why it was decided so: the reason, and what else there is to know. */
export function reasonText(terminal: Terminal, { reason, faults, flags: raised, note }: Decision): string {
  const { action } = reasons[reason];
  const colour = { reject: 'yellow', hold: 'yellow', create: 'green' } as const;
  const style = action === 'reject' || action === 'hold' || action === 'create' ? colour[action] : 'cyan';
  const { sentence, hint } = sentencesOf(reason);
  const more = faults.slice(1).map((fault) => sentencesOf(fault).sentence);
  const lines = [terminal.style(style, reason), sentence, ...more];
  if (note !== null) lines.push(printable(note));
  if (hint !== undefined) lines.push(hint);
  for (const flag of raised) lines.push(`${terminal.style('magenta', `⚑ ${flag}`)} ${flags[flag]}`);
  return lines.join('\n');
}

/** What it changes, field by field. */
export function differenceText(terminal: Terminal, decision: Decision): string {
  const lines = differences(decision).map(({ field, before, after }) => {
    const parts = before === null || after === null ? null : markedParts(before, after);
    const old = before === null ? '' : `${marked(terminal, 'red', before, parts?.before)} → `;
    return `${field}: ${old}${after === null ? terminal.style('red', '–') : marked(terminal, 'green', after, parts?.after)}`;
  });
  const { says } = decision;
  if (says !== null) {
    const said = [says.name, says.email, says.phone ?? ''].map((value) => (value === '' ? '–' : printable(value)));
    lines.push(`the source says: ${said.join(', ')}`);
  }
  return lines.length === 0 ? 'nothing changes' : lines.join('\n');
}

/** A side of a difference, with the parts that the other side has not standing out. */
function marked(
  terminal: Terminal,
  colour: 'red' | 'green',
  whole: string,
  parts: readonly Part[] | undefined,
): string {
  const all = parts ?? [{ text: whole, changed: false }];
  return all
    .map(({ text, changed }) => terminal.style(changed ? [colour, 'inverse'] : colour, printable(text)))
    .join('');
}
