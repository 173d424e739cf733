import { nameEmailKey } from './canonical.js';
import type { Connection, ConnectionChange, ConnectionKind } from './connection.js';
import type { Contact } from './contact.js';
import { decide, markMissing, type OnStep, reject, tallyOf } from './decide.js';
import { ContactSyncError } from './error.js';
import { type Fingerprint, linkHash } from './fingerprint.js';
import { allotFree } from './free.js';
import { guards } from './guards.js';
import type { JudgedRead, JudgedRecord } from './judge.js';
import { compareCodePoints } from './order.js';
import { checkCounts, type Plan } from './plan.js';
import type { Policy } from './policy.js';
import type { Read } from './read.js';
import type { ContactQuery } from './store.js';

/** External id → fingerprint, of the contacts linked to the source of the read: `store.links(source)`. */
export type Links = ReadonlyMap<string, Fingerprint | null>;

export type ReconcileInput = {
  readonly read: Read;
  /** `judge(read, policy)` */
  readonly judged: JudgedRead;
  readonly policy: Policy;
  /** What the records become. */
  readonly kind: ConnectionKind;
  /** The connections of the book. */
  readonly connections: readonly Connection[];
  /** Connected sources that the book does not know of yet. That of the read is always connected. */
  readonly connected: Iterable<string>;
  /** `store.forgotten(source)` */
  readonly forgotten: ReadonlySet<string>;
  readonly links: Links;
  /** What the store found for `candidateQuery(source, judged, links)`. */
  readonly candidates: readonly Contact[];
  /**
   * How many records were passed over, since each is known to be `unchanged`, and to have nothing to do with any record or
   * contact of the input; see known/. None unless said.
   */
  readonly settled?: number;
  /** The version of the book that all this was read from. */
  readonly base: number;
  readonly newId: () => string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly actor: string;
  readonly why: string | null;
  /** Is shown every line that a record is taken through. */
  readonly onStep?: OnStep;
};

/** The contacts that the rules have to look at. A record that says what its fingerprint says needs none. */
export function candidateQuery(
  source: string,
  judged: JudgedRead,
  links: Links,
  kind: ConnectionKind,
): Required<ContactQuery> {
  if (kind === 'external') return { ids: [], links: { source, externalIds: [...judged.ids] }, nameEmailKeys: [] };
  const externalIds = absentFrom(judged, links);
  const keys = new Set<string>();
  for (const record of judged.records) {
    if (record.externalId === null) continue;
    const known = links.get(record.externalId);
    if (known === undefined && record.valid) keys.add(record.key);
    else if (known !== undefined && !isSettled(record, known)) externalIds.push(record.externalId);
  }
  return { ids: [], links: { source, externalIds }, nameEmailKeys: [...keys] };
}

/** The record update rules for one complete read. Pure: the same input gives the same plan. */
export function reconcile(input: ReconcileInput): Plan {
  const { read, judged, links, kind, policy, at, onStep, settled = 0 } = input;
  const { source } = read;
  const book = lookUp(input);
  const tally = tallyOf();
  const isForgotten = ({ externalId }: JudgedRecord) =>
    externalId !== null && !links.has(externalId) && input.forgotten.has(linkHash({ source, externalId }));
  const records = input.forgotten.size === 0 ? judged.records : judged.records.filter((record) => !isForgotten(record));
  tally.count('forgotten', judged.records.length - records.length);

  // Who takes which free contact is settled first, among the records without a link: a link beats a look-alike.
  const free = allotFree({
    unlinked: records.filter((record) => record.valid).filter(({ externalId }) => !links.has(externalId)),
    namesakesOf: ({ key }) => book.namesakesOf(key),
    source,
    ids: judged.ids,
    connected: connectedSources(input),
  });
  const isMissing = ({ link, missingSince }: Contact) =>
    link?.source === source ? !judged.ids.has(link.externalId) : missingSince !== null;

  for (const record of records) {
    if (!record.valid) {
      tally.add(reject(record, book.linkedTo(record.externalId), kind, onStep));
    } else if (isSettled(record, links.get(record.externalId))) {
      tally.count('unchanged');
    } else {
      const { externalId } = record;
      const linked = book.linkedTo(externalId);
      const situation = {
        source,
        record,
        linked,
        externals: book.externalsOf(externalId),
        namesakes: linked === null ? book.namesakesOf(record.key) : [],
        free: linked === null ? (free.get(externalId) ?? null) : null,
        isMissing,
        newId: input.newId,
        policy,
      };
      tally.add(decide(situation, kind, onStep));
    }
  }
  tally.count('unchanged', settled);
  tally.count('duplicate_row', judged.duplicateRows);

  for (const externalId of absentFrom(judged, links)) {
    const contact = book.linkedTo(externalId);
    const goesMissing = contact?.recordType === 'contact-sync' && contact.missingSince === null;
    if (goesMissing && judged.provesAbsence) tally.add(markMissing(contact, at));
  }

  const counts = { rows: read.rows, reasons: tally.reasons, flags: tally.flags, skipped: read.skipped };
  checkCounts(counts);
  const vitals = {
    source,
    tenant: read.tenant,
    // A person who was forgotten may be the only one of a read, and is one.
    validRecords: judged.records.filter(({ valid }) => valid).length + settled,
    synced: book.synced() + settled,
    missing: tally.reasons.missing ?? 0,
    changed: tally.reasons.updated ?? 0,
  };
  const { actor, why, base } = input;
  const about = { kind: 'sync', source, actor, why, at, base } as const;
  const { decisions } = tally;
  return { ...about, connections: connecting(input), decisions, counts, blocked: guards(vitals, policy) };
}

/** A paused connection is still connected. */
function connectedSources({ read: { source }, connections, connected }: ReconcileInput): Set<string> {
  const known = connections.filter(({ state }) => state !== 'disconnected').map((connection) => connection.source);
  return new Set([...known, ...connected, source]);
}

/** The first sync of a source connects it, and so does the first one after it was disconnected. */
function connecting({ read: { source }, kind, connections }: ReconcileInput): ConnectionChange[] {
  const before = connections.find((connection) => connection.source === source) ?? null;
  if (before !== null && before.state !== 'disconnected') return [];
  return [{ before, after: { source, kind, state: 'connected' } }];
}

/** Line 3 without a look at the contact: the fingerprint says it is synced, not forced, not missing, and equal. */
function isSettled(record: JudgedRecord, known: Fingerprint | null | undefined): boolean {
  if (!record.valid || record.flags.length > 0) return false;
  return known !== undefined && known !== null && known === record.fingerprint;
}

/** The linked ids that the read does not contain, in order. */
function absentFrom(judged: JudgedRead, links: Links): string[] {
  return [...links.keys()].filter((externalId) => !judged.ids.has(externalId)).sort(compareCodePoints);
}

/** The candidates, found by link and by name and email. */
function lookUp({ read: { source }, links, candidates }: ReconcileInput) {
  const byLink = new Map<string, Contact>();
  const externals = new Map<string, Contact[]>();
  const byNameEmail = new Map<string, Contact[]>();
  for (const contact of candidates) {
    const { link, recordType } = contact;
    if (link?.source === source && recordType === 'external') addTo(externals, link.externalId, contact);
    else if (link?.source === source) byLink.set(link.externalId, contact);
    addTo(byNameEmail, nameEmailKey(contact), contact);
  }
  const linkedTo = (externalId: string | null): Contact | null => {
    if (externalId === null || !links.has(externalId)) return null;
    const contact = byLink.get(externalId);
    if (contact !== undefined) return contact;
    throw new ContactSyncError('internal', `The contact linked to ${source} ${externalId} was not loaded.`, {
      hint: 'Nothing was written. Please report this with the name of the store.',
    });
  };
  return {
    linkedTo,
    externalsOf: (externalId: string) => externals.get(externalId) ?? [],
    namesakesOf: (key: string): readonly Contact[] => byNameEmail.get(key) ?? [],
    synced() {
      let synced = 0;
      for (const [externalId, fingerprint] of links) {
        if (fingerprint !== null || linkedTo(externalId)?.recordType === 'contact-sync') synced += 1;
      }
      return synced;
    },
  };
}

function addTo(groups: Map<string, Contact[]>, key: string, contact: Contact): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [contact]);
  else group.push(contact);
}
