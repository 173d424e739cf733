import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { type ConnectionChange, connectionChangeSchema } from './connection.js';
import type { Contact, Details } from './contact.js';
import { ContactSyncError } from './error.js';
import { blockSchema, countsSchema, type Decision, decisionSchema, type Plan, planKinds } from './plan.js';

/*
 * A plan as text: one JSON document a line. The first line says what the plan is, then comes a line for each decision, and
 * the last line holds the counts and says how many decisions there were, so that a plan cut off anywhere is noticed.
 */

const format = 1;

const headSchema = z.strictObject({
  plan: z.literal(format),
  kind: z.enum(planKinds),
  source: z.string().nullable(),
  actor: z.string(),
  why: z.string().nullable(),
  at: z.string(),
  base: z.int().min(0),
  connections: z.array(connectionChangeSchema),
});

const endSchema = z.strictObject({
  end: z.literal(true),
  decisions: z.int().min(0),
  counts: countsSchema,
  blocked: z.array(blockSchema),
});

/** The lines of a plan, each with its line feed. Equal plans have equal lines, whatever order their keys were made in. */
export function* planToLines(plan: Plan): Generator<string, void, void> {
  const { kind, source, actor, why, at, base, connections, decisions, counts, blocked } = plan;
  yield `${JSON.stringify({ plan: format, kind, source, actor, why, at, base, connections: connections.map(changeInOrder) })}\n`;
  for (const decision of decisions) yield `${decisionToJson(decision)}\n`;
  yield `${JSON.stringify({
    end: true,
    decisions: decisions.length,
    counts: {
      rows: counts.rows,
      reasons: sorted(counts.reasons),
      flags: sorted(counts.flags),
      skipped: sorted(counts.skipped),
    },
    blocked: blocked.map(({ guard, count, of, message }) => ({ guard, count, of, message })),
  })}\n`;
}

export function planToNdjson(plan: Plan): string {
  return [...planToLines(plan)].join('');
}

/** SHA-256 of the plan's text, in hex. What a person approves is this. */
export function planHash(plan: Plan): string {
  const hash = sha256.create();
  for (const line of planToLines(plan)) hash.update(utf8ToBytes(line));
  return bytesToHex(hash.digest());
}

/**
 * The same hash, for stores that write the decisions down: each is made into JSON once, and shown to `write` with its
 * number from 0 on. `hash` is fed the text in pieces.
 */
export function writeDecisions(
  plan: Plan,
  hash: { update(text: string): unknown },
  write: (decision: string, number: number) => void,
): void {
  let line = 0;
  let text = '';
  for (const next of planToLines(plan)) {
    if (line > 0 && line <= plan.decisions.length) write(next.slice(0, -1), line - 1);
    line += 1;
    text += next;
    // Some lines at once, but few: one name beyond Latin-1 makes all of them wider, and slower.
    if (text.length < 4096) continue;
    hash.update(text);
    text = '';
  }
  hash.update(text);
}

/** Reads what `planToLines` wrote; fails with `plan_invalid` on anything else, a plan that was cut off included. */
export function parsePlan(text: string): Plan {
  const lines = text.split('\n');
  // The last line feed is part of the last line: without it the plan may have been cut in the middle of a number.
  if (lines.pop() !== '' || lines.length < 2) throw invalidPlan('it is cut off');
  const { plan: _, ...head } = parseLine(headSchema, lines.at(0), 1);
  const { decisions: announced, counts, blocked } = parseLine(endSchema, lines.at(-1), lines.length);
  const decisions = lines.slice(1, -1).map((line, index) => parseLine(decisionSchema, line, index + 2));
  if (decisions.length !== announced) throw invalidPlan(`it has ${decisions.length} decisions and says ${announced}`);
  return { ...head, decisions, counts, blocked };
}

/** One decision as JSON without a line feed. */
export function decisionToJson(decision: Decision): string {
  const { reason, externalId, before, after, flags, says, faults, note } = decision;
  return JSON.stringify({
    reason,
    externalId,
    before: before && contactInOrder(before),
    after: after && contactInOrder(after),
    flags,
    says: says && detailsInOrder(says),
    faults,
    note,
  });
}

/** Fails with `plan_invalid`. */
export function parseDecision(json: string): Decision {
  return parseLine(decisionSchema, json, 1);
}

function changeInOrder({ before, after }: ConnectionChange): ConnectionChange {
  const inOrder = ({ source, kind, state }: NonNullable<ConnectionChange['after']>) => ({ source, kind, state });
  return { before: before && inOrder(before), after: after && inOrder(after) };
}

function contactInOrder(contact: Contact): Contact {
  const { id, name, email, phone, recordType, forcedManual, link, missingSince } = contact;
  const inOrder = link && { source: link.source, externalId: link.externalId };
  return { id, name, email, phone, recordType, forcedManual, link: inOrder, missingSince };
}

function detailsInOrder({ name, email, phone }: Details): Details {
  return { name, email, phone };
}

function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function parseLine<T>(schema: z.ZodType<T>, line: string | undefined, number: number): T {
  let json: unknown;
  try {
    json = JSON.parse(line ?? '');
  } catch (error) {
    throw invalidPlan(`line ${number} is not JSON`, error);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalidPlan(`line ${number} has ${issue?.code ?? 'a fault'} at ${issue?.path.join('.') || 'its top'}`);
}

function invalidPlan(problem: string, cause?: unknown): ContactSyncError {
  return new ContactSyncError('plan_invalid', `The plan cannot be read: ${problem}.`, {
    hint: 'Make the plan again.',
    cause,
  });
}
