import type { ConnectionKind } from './connection.js';
import { type Contact, type Details, sameDetails } from './contact.js';
import type { JudgedRecord, RejectedRecord, ValidRecord } from './judge.js';
import { changesBook, type Decision } from './plan.js';
import { type Flag, type Reason, reasons } from './reasons.js';
import { linesOf, type Situation, type Verdict } from './rules.js';

/** A line of the rules met by a record: it fitted and decided, or `whyNot`. */
export type Step = {
  readonly record: JudgedRecord;
  readonly line: number;
  readonly when: string;
  readonly whyNot: string | null;
  /** What the line decided, if it fitted. */
  readonly decision: Decision | null;
};
export type OnStep = ((step: Step) => void) | undefined;

const line1 = { line: 1, when: 'the record is invalid' };

/** Line 1. The contact that is linked to the record is named, and stays as it is. */
export function reject(record: RejectedRecord, linked: Contact | null, kind: ConnectionKind, onStep: OnStep): Decision {
  const { externalId, faults, note } = record;
  const says = saysBeside(record.says, linked);
  const decision = { reason: faults[0], externalId, before: linked, after: linked, flags: [], says, faults, note };
  onStep?.({ record, ...line1, whyNot: null, decision });
  if (onStep !== undefined) passOver(record, linesOf(kind), line1.line, onStep);
  return decision;
}

/** The lines after the first: the first that fits decides, and the last always fits. */
export function decide(situation: Situation, kind: ConnectionKind, onStep: OnStep): Decision {
  const { record } = situation;
  const lines = linesOf(kind);
  onStep?.({ record, ...line1, whyNot: 'the record is valid', decision: null });
  for (const [index, { line, when, decide }] of lines.entries()) {
    const verdict = decide(situation);
    const fits = typeof verdict !== 'string';
    const decision = fits ? fromVerdict(record, verdict) : null;
    onStep?.({ record, line, when, whyNot: fits ? null : verdict, decision });
    if (decision === null) continue;
    if (onStep !== undefined) passOver(record, lines.slice(index + 1), line, onStep);
    return decision;
  }
  throw new TypeError('the last line of the rules did not fit');
}

/** The lines after the one that decided are not looked at. */
function passOver(
  record: JudgedRecord,
  later: ReturnType<typeof linesOf>,
  decided: number,
  onStep: NonNullable<OnStep>,
): void {
  for (const { line, when } of later) onStep({ record, line, when, whyNot: `line ${decided} decided`, decision: null });
}

function fromVerdict({ externalId, says, flags }: ValidRecord, verdict: Verdict): Decision {
  const { reason, before, after } = verdict;
  return {
    reason,
    externalId,
    before,
    after,
    flags: verdict.flags.length === 0 ? flags : [...flags, ...verdict.flags],
    says: saysBeside(says, after),
    faults: [],
    note: null,
  };
}

/** What the record says, unless the contact says the same. */
function saysBeside(says: Details | null, contact: Details | null): Details | null {
  return says !== null && contact !== null && sameDetails(says, contact) ? null : says;
}

/** The record of this contact is missing from a complete read: the contact stays, and is marked. */
export function markMissing(contact: Contact, at: string): Decision {
  const after = { ...contact, missingSince: at };
  const externalId = contact.link?.externalId ?? null;
  return { reason: 'missing', externalId, before: contact, after, flags: [], says: null, faults: [], note: null };
}

/** Counts every decision, and lists those that change something, hold, reject or are flagged. */
export function tallyOf() {
  const decisions: Decision[] = [];
  const reasonCounts: Partial<Record<Reason, number>> = {};
  const flagCounts: Partial<Record<Flag, number>> = {};
  const count = (reason: Reason, n = 1) => {
    if (n > 0) reasonCounts[reason] = (reasonCounts[reason] ?? 0) + n;
  };
  const add = (decision: Decision) => {
    count(decision.reason);
    for (const flag of decision.flags) flagCounts[flag] = (flagCounts[flag] ?? 0) + 1;
    const { action } = reasons[decision.reason];
    const notable = action === 'reject' || action === 'hold' || decision.flags.length > 0 || changesBook(decision);
    if (notable) decisions.push(decision);
  };
  return { decisions, reasons: reasonCounts, flags: flagCounts, count, add };
}
