import { nameEmailKey } from '../canonical.js';
import type { ConnectionKind } from '../connection.js';
import type { Contact } from '../contact.js';
import { type Fingerprint, fingerprint } from '../fingerprint.js';
import { type JudgedRead, judge } from '../judge.js';
import type { Policy } from '../policy.js';
import type { Read } from '../read.js';
import { candidateQuery, type Links } from '../reconcile.js';
import type { RawRecord } from '../source.js';
import type { ContactStore } from '../store.js';
import type { KnownRows } from './known-rows.js';
import type { ComparedRows } from './take-rows.js';

/** How the contacts of the records that were read are found: one by one, or by all links of the source. */
export type LookUp = 'each' | 'all';

/** What the rules look at: the records that were read, and all of the book that can have to do with them. */
export type View = {
  readonly read: Read;
  readonly judged: JudgedRead;
  readonly links: Links;
  readonly candidates: readonly Contact[];
  /** How many further records are unchanged and have nothing to do with these. */
  readonly settled: number;
  /** Of each record of `read`, where rows were compared. */
  readonly rows: readonly LookedAt[] | null;
};

/** The hash of a row that is looked at; and its entry, where it was passed over first. */
export type LookedAt = { readonly low: number; readonly high: number; readonly entry: number | null };

/** Everything: all records were read, and all links are loaded. */
export async function wholeView(
  store: ContactStore,
  { read, judged, kind }: { read: Read; judged: JudgedRead; kind: ConnectionKind },
  looksAtAll: boolean,
): Promise<View> {
  // External contacts stand for themselves: nothing they are linked to is kept equal, or goes missing.
  const stored: Links = kind === 'external' ? new Map() : await store.links(read.source);
  const links = looksAtAll ? new Map([...stored.keys()].map((id) => [id, null])) : stored;
  const candidates = await store.find(candidateQuery(read.source, judged, links, kind));
  return { read, judged, links, candidates, settled: 0, rows: read.compared ? rowsOf(read.compared) : null };
}

/**
 * Part: some rows were passed over. Each of them is a valid record without flags, with an id and details that no other of
 * them has, and its contact is synced, not forced, not missing, and says the same. So it can only matter where a record
 * that was read, or a contact that the read does not contain, comes near: the same id twice, equal details, or the same
 * name and email, for a twin whose record is missing. Such a row is looked at after all: what it says is what its contact
 * says.
 *
 * Null where the book is not what it was when the rows were passed over, so that all of them have to be read.
 */
export async function partView(
  store: ContactStore,
  options: { read: Read; judged: JudgedRead; compared: ComparedRows; policy: Policy; lookUp?: LookUp | undefined },
): Promise<View | null> {
  const { read, judged, compared, policy } = options;
  const { known } = compared;
  const { source } = read;
  const now = await store.rows?.(source, known.kept.generation);
  if (now === undefined || now.generation !== known.kept.generation) return null;
  const touched = new Set(now.touched);
  // Touched while the source was read: what such a row says is not known any more.
  if (touched.size > known.kept.touched.length && anyPassed(known, touched)) return null;
  // One by one takes about eight times as long, each.
  const { lookUp = judged.records.length > Math.max(known.live / 8, 100) ? 'all' : 'each' } = options;
  const find = lookUp === 'all' ? findByAllLinks : findByEach;
  const found = await find(store, read, judged, known, touched);

  const near = new Map<string, Contact>();
  for (const contact of found.candidates) {
    const { link, recordType } = contact;
    if (link?.source !== source || recordType === 'external' || !found.isPassed(link.externalId)) continue;
    near.set(link.externalId, contact);
    found.links.set(link.externalId, fingerprint(contact));
  }
  const { links, candidates } = found;
  const settled = known.passed() - near.size;
  if (near.size === 0) return { read, judged, links, candidates, settled, rows: rowsOf(compared) };
  const merged = mergedRecords(read, compared, near);
  if (merged === null) return null;
  const wider = { ...read, records: merged.map(({ record }) => record) };
  return { read: wider, judged: judge(wider, policy), links, candidates, settled, rows: merged };
}

type Found = {
  readonly links: Map<string, Fingerprint | null>;
  readonly candidates: readonly Contact[];
  /** Of the id of a linked contact: whether its row was passed over. */
  isPassed(externalId: string): boolean;
};

/** Few records were read: their contacts are looked up, and those of rows that did not come. */
async function findByEach(
  store: ContactStore,
  { source }: Read,
  judged: JudgedRead,
  known: KnownRows,
  touched: ReadonlySet<string>,
): Promise<Found> {
  const notPassed = new Set(touched);
  for (const { id } of known.absent()) notPassed.add(id);
  const repeated: string[] = [];
  if (known.repeats.size > 0) {
    for (const { id, number } of known.entries()) if (known.repeats.has(number)) repeated.push(id);
  }
  const isPassed = (externalId: string) => !notPassed.has(externalId);
  const externalIds = [...new Set([...notPassed, ...repeated, ...judged.ids])];
  const keys = judged.records.flatMap((record) => (record.valid ? [nameEmailKey(record.details)] : []));
  const candidates = await store.find({ ids: [], links: { source, externalIds }, nameEmailKeys: [...new Set(keys)] });
  const links = new Map<string, Fingerprint | null>();
  for (const contact of candidates) {
    const { link, recordType } = contact;
    if (link?.source === source && recordType !== 'external') links.set(link.externalId, fingerprint(contact));
  }
  return { links, candidates, isPassed };
}

/** Many were: all links are loaded at once, and a contact only where a record differs from its fingerprint. */
async function findByAllLinks(
  store: ContactStore,
  { source }: Read,
  judged: JudgedRead,
  known: KnownRows,
): Promise<Found> {
  const links = new Map(await store.links(source));
  const said = new Set(judged.records.flatMap((record) => (record.valid ? [record.fingerprint] : [])));
  const passed = new Set<string>();
  const near: string[] = [];
  for (const { id, place, number } of known.entries()) {
    if (place === null) continue;
    passed.add(id);
    const isNear = judged.ids.has(id) || known.repeats.has(number) || said.has(links.get(id) ?? '');
    if (isNear) near.push(id);
    else links.delete(id);
  }
  const query = candidateQuery(source, judged, links, 'contact-sync');
  const candidates = await store.find({
    ...query,
    links: { source, externalIds: [...new Set([...query.links.externalIds, ...near])] },
  });
  return { links, candidates, isPassed: (externalId) => passed.has(externalId) };
}

function anyPassed(known: KnownRows, ids: ReadonlySet<string>): boolean {
  for (const { id, place } of known.entries()) if (place !== null && ids.has(id)) return true;
  return false;
}

type MergedRecord = LookedAt & { readonly place: number; readonly record: RawRecord };

/** The records that were read and those of the contacts near them, in the order of the source. Null if one is not known. */
function mergedRecords(
  read: Read,
  { known, places, lows, highs }: ComparedRows,
  near: ReadonlyMap<string, Contact>,
): MergedRecord[] | null {
  const merged: MergedRecord[] = read.records.map((record, at) => ({
    place: places[at] ?? 0,
    record,
    low: lows[at] ?? 0,
    high: highs[at] ?? 0,
    entry: null,
  }));
  let placed = 0;
  for (const { id, number, place, hash } of known.entries()) {
    const contact = place === null ? undefined : near.get(id);
    if (place === null || contact === undefined) continue;
    placed += 1;
    const { name, email, phone } = contact;
    const record = { externalId: id, name, email, phone };
    for (const at of [place, ...(known.repeats.get(number) ?? [])]) {
      merged.push({ place: at, record, ...hash, entry: number });
    }
  }
  return placed === near.size ? merged.sort((a, b) => a.place - b.place) : null;
}

function rowsOf({ places, lows, highs }: ComparedRows): LookedAt[] {
  return places.map((_, at) => ({ low: lows[at] ?? 0, high: highs[at] ?? 0, entry: null }));
}
