import { type Contact, type Details, sameDetails } from '../contact.js';
import { isSkippable } from '../fingerprint.js';
import type { Plan } from '../plan.js';
import type { RowsToKeep } from '../store.js';
import { packChunk } from './chunk.js';
import type { KnownRows } from './known-rows.js';
import type { LookedAt, View } from './look-up.js';

/** How many entries go into one chunk. */
const chunkLength = 16_384;

/** A row that the next sync is to know by its hash. */
type ProvenRow = LookedAt & { readonly id: string };

/**
 * What the next sync is to know of the rows, once the plan is applied; null where that is what is kept already. Every
 * contact that is then linked to the source has an entry. A row is known by its hash if it is valid and has no flags, and
 * its contact is synced, not forced, not missing, and says the same.
 */
export function rowsToKeep(view: View, plan: Plan): RowsToKeep | null {
  const { read, rows } = view;
  if (read.compared === undefined || rows === null) return null;
  const { known } = read.compared;
  const { generation, seed, touched } = known.kept;
  const kept = { source: read.source, generation, seed };
  const proven = provenRows(view, plan, rows);
  const linked = linkedAfter(view, plan);
  for (const { id } of proven) linked.delete(id);
  if (known.passed() === 0) return { ...kept, instead: true, chunks: chunksOf(proven, [...linked], []) };

  const removed = fallen(known, proven, rows, linked);
  const added = proven.filter(({ entry }) => entry === null);
  const total = known.total + added.length + linked.size;
  const live = known.live - removed.length + added.length + linked.size;
  if (total > live * 2 + 1000 || known.chunks > 32 + live / 8192) {
    const standing = standingBut(known, new Set(removed));
    const all = [...standing.proven, ...added];
    return { ...kept, instead: true, chunks: chunksOf(all, [...standing.linked, ...linked], []) };
  }
  if (removed.length + added.length + linked.size + touched.length === 0) return null;
  return { ...kept, instead: false, chunks: chunksOf(added, [...linked], removed) };
}

/** The rows whose contacts will say what they say. */
function provenRows({ read, judged, links }: View, { decisions }: Plan, rows: readonly LookedAt[]): ProvenRow[] {
  const proven: ProvenRow[] = [];
  // Decisions are in the order of their records; a record that has none changes nothing.
  let next = 0;
  for (const [index, record] of judged.records.entries()) {
    const { externalId } = record;
    const decision = decisions[next]?.externalId === externalId ? decisions[next] : undefined;
    if (decision !== undefined) next += 1;
    const row = rows[judged.rows[index] ?? rows.length];
    if (!record.valid || record.flags.length > 0 || row === undefined) continue;
    const before = links.get(record.externalId) ?? null;
    const settles = decision
      ? decision.after !== null && saysTheSame(decision.after, read.source, record.externalId, record.details)
      : before !== null && before === record.fingerprint;
    if (settles) proven.push({ low: row.low, high: row.high, entry: row.entry, id: record.externalId });
  }
  return proven;
}

function saysTheSame(contact: Contact, source: string, externalId: string, details: Details): boolean {
  return isSkippable(contact) && holds(contact, source) === externalId && sameDetails(contact, details);
}

/** The ids that contacts of the view are linked to after the plan. */
function linkedAfter({ read: { source }, links }: View, { decisions }: Plan): Set<string> {
  const linked = new Set(links.keys());
  for (const { before } of decisions) {
    const id = holds(before, source);
    if (id !== null) linked.delete(id);
  }
  for (const { after } of decisions) {
    const id = holds(after, source);
    if (id !== null) linked.add(id);
  }
  return linked;
}

/** The id of the source that a contact is linked to; external contacts hold no link. */
function holds(contact: Contact | null, source: string): string | null {
  if (contact === null || contact.recordType === 'external' || contact.link?.source !== source) return null;
  return contact.link.externalId;
}

/** The entries that hold no longer. Those of contacts that are linked as before stand, and need not be added again. */
function fallen(
  known: KnownRows,
  proven: readonly ProvenRow[],
  rows: readonly LookedAt[],
  linked: Set<string>,
): number[] {
  const removed: number[] = [];
  for (const { number, id, state } of known.absent()) {
    if (state === 'linked' && linked.has(id)) linked.delete(id);
    else removed.push(number);
  }
  const stillProven = new Set(proven.map(({ entry }) => entry));
  const lookedAt = new Set(rows.map(({ entry }) => entry));
  for (const entry of lookedAt) if (entry !== null && !stillProven.has(entry)) removed.push(entry);
  return removed;
}

function standingBut(known: KnownRows, removed: ReadonlySet<number>) {
  const proven: ProvenRow[] = [];
  const linked: string[] = [];
  for (const { number, id, state, hash } of known.entries()) {
    if (removed.has(number)) continue;
    if (state === 'proven') proven.push({ ...hash, id, entry: null });
    else linked.push(id);
  }
  return { proven, linked };
}

/** What is removed is said by the first chunk. */
function chunksOf(proven: readonly ProvenRow[], linked: readonly string[], removed: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const all = proven.length + linked.length;
  for (let first = 0; first < all || (chunks.length === 0 && removed.length > 0); first += chunkLength) {
    const some = proven.slice(first, first + chunkLength);
    const others = linked.slice(Math.max(first - proven.length, 0), Math.max(first + chunkLength - proven.length, 0));
    chunks.push(
      packChunk({
        ids: [...some.map(({ id }) => id), ...others],
        lows: some.map(({ low }) => low),
        highs: some.map(({ high }) => high),
        removed: chunks.length === 0 ? removed : [],
      }),
    );
  }
  return chunks;
}
