import { z } from 'zod';
import type { ConnectionChange } from './connection.js';
import { type Contact, contactSchema, type Details, detailsSchema, sameContact } from './contact.js';
import { ContactSyncError } from './error.js';
import { type Flag, flagCodes, type Reason, reasonCodes, reasons } from './reasons.js';

/** What a plan is for. */
export const planKinds = [
  'sync',
  'import',
  // What is kept to read a source was changed, which is no part of the book: a line of the history that changes nothing.
  'connection',
  'disconnect',
  'pause',
  'resume',
  'force-manual',
  'release',
  'edit',
  'add',
  'link',
  'approve',
  'undo',
  'forget',
] as const;
export type PlanKind = (typeof planKinds)[number];

/**
 * What is decided about one record or contact. `before` and `after` are the whole effect: null and a contact creates it,
 * a contact and null removes it, two equal ones change nothing.
 */
export type Decision = {
  readonly reason: Reason;
  /** The id of the record in the source; null where the decision is about no record, or the record has no id. */
  readonly externalId: string | null;
  readonly before: Contact | null;
  readonly after: Contact | null;
  readonly flags: readonly Flag[];
  /** What the source says, canonical; null where `after` says the same, or where there is no record to speak of. */
  readonly says: Details | null;
  /** Of a rejected record: all its faults in the order they are judged. The first is the reason. */
  readonly faults: readonly Reason[];
  /** Of a row the connector could not read: where it is and what is wrong. */
  readonly note: string | null;
};

/** How many of what; everything the read put on the wire is in exactly one of `reasons` (those of records) and `skipped`. */
export type Counts = {
  readonly rows: number;
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
  readonly flags: Readonly<Partial<Record<Flag, number>>>;
  readonly skipped: Readonly<Record<string, number>>;
};

export const guardCodes = ['source_empty', 'many_missing', 'many_changed', 'tenant_changed'] as const;
export type GuardCode = (typeof guardCodes)[number];

/** A guard that tripped: the plan may be looked at, and is applied only when a person approves exactly it. */
export type Block = {
  readonly guard: GuardCode;
  /** How many contacts it is about, of how many. */
  readonly count: number;
  readonly of: number;
  /** The sentence for people, with the numbers. */
  readonly message: string;
};

/**
 * Everything that changes a contact is a plan, and a plan is data. It lists what changes, is held, rejected or flagged,
 * and counts the rest.
 */
export type Plan = {
  readonly kind: PlanKind;
  readonly source: string | null;
  readonly actor: string;
  readonly why: string | null;
  /** When it was made, ISO 8601 in UTC. */
  readonly at: string;
  /** The one version of the book that the plan fits. */
  readonly base: number;
  /** What becomes of the book's connections; one change at most for each source. */
  readonly connections: readonly ConnectionChange[];
  readonly decisions: readonly Decision[];
  readonly counts: Counts;
  readonly blocked: readonly Block[];
};

const count = z.int().min(0);
export const countsSchema = z.strictObject({
  rows: count,
  reasons: z.partialRecord(z.enum(reasonCodes), count),
  flags: z.partialRecord(z.enum(flagCodes), count),
  skipped: z.record(z.string(), count),
}) satisfies z.ZodType<Counts>;

export const blockSchema = z.strictObject({
  guard: z.enum(guardCodes),
  count,
  of: count,
  message: z.string(),
}) satisfies z.ZodType<Block>;

export const decisionSchema = z.strictObject({
  reason: z.enum(reasonCodes),
  externalId: z.string().nullable(),
  before: contactSchema.nullable(),
  after: contactSchema.nullable(),
  flags: z.array(z.enum(flagCodes)),
  says: detailsSchema.nullable(),
  faults: z.array(z.enum(reasonCodes)),
  note: z.string().nullable(),
}) satisfies z.ZodType<Decision>;

/** Whether applying the decision changes the book. */
export function changesBook({ before, after }: Decision): boolean {
  if (before === null || after === null) return before !== after;
  return !sameContact(before, after);
}

/** Whether applying the plan changes the book, and so its version. */
export function planChangesBook({ connections, decisions }: Pick<Plan, 'connections' | 'decisions'>): boolean {
  return connections.length > 0 || decisions.some(changesBook);
}

/** Who made a plan, when (ISO 8601 in UTC), and why. */
export type Signature = Pick<Plan, 'actor' | 'at' | 'why'>;

/** A plan that comes from no read: its counts are those of its decisions. */
export function planOf(
  about: Pick<Plan, 'kind' | 'source' | 'base'> & Signature,
  decisions: readonly Decision[],
  connections: readonly ConnectionChange[] = [],
): Plan {
  const { kind, source, actor, why, at, base } = about;
  const tally: Partial<Record<Reason, number>> = {};
  for (const { reason } of decisions) tally[reason] = (tally[reason] ?? 0) + 1;
  const counts = { rows: 0, reasons: tally, flags: countFlags(decisions), skipped: {} };
  return { kind, source, actor, why, at, base, connections, decisions, counts, blocked: [] };
}

function countFlags(decisions: readonly Decision[]): Counts['flags'] {
  const tally: Partial<Record<Flag, number>> = {};
  for (const flag of decisions.flatMap(({ flags }) => flags)) tally[flag] = (tally[flag] ?? 0) + 1;
  return tally;
}

/** Fails if a row got lost, or was decided twice. */
export function checkCounts(counts: Counts): void {
  let decided = 0;
  for (const [reason, n] of Object.entries(counts.reasons)) {
    if (reasons[reason as Reason].of === 'record') decided += n;
  }
  const skipped = Object.values(counts.skipped).reduce((sum, n) => sum + n, 0);
  if (decided + skipped === counts.rows) return;
  throw new ContactSyncError(
    'internal',
    `The counts do not add up: ${counts.rows} rows were read, ${decided} decided and ${skipped} skipped.`,
    { hint: 'Nothing was written. Please report this with the version and the connector.' },
  );
}
