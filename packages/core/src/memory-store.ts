import { nameEmailKey } from './canonical.js';
import { changesOf, checkBase, idsFrom, linkTaken, nextIdAfter } from './changes.js';
import type { Connection } from './connection.js';
import { type Contact, type Link, sameLink } from './contact.js';
import { type Fingerprint, fingerprint, linkHash } from './fingerprint.js';
import { manyTouched, touchedLinks } from './known/touched.js';
import { decisionToJson, parseDecision } from './ndjson.js';
import { changesBook, type Decision, type Plan, planChangesBook } from './plan.js';
import { planImport } from './plan-import.js';
import {
  checkApproval,
  checkConnections,
  contactIdOf,
  forgetRunOf,
  historyMarkAfter,
  isAbout,
  lastKnown,
  noSuchContact,
  noSuchRun,
  parseHistoryMark,
  runOf,
} from './run.js';
import { countIn, searchIn, unknownPage } from './search.js';
import type { ContactQuery, ContactStore, KeptRows, Run, Unapplied } from './store.js';

export type MemoryStoreOptions = {
  /** What the book holds at first. */
  readonly contacts?: readonly Contact[];
  /** The first new id, decimal; the lowest that is above every id of `contacts` unless said. */
  readonly nextId?: string;
};

/**
 * A book in memory, for tests and trials, and the reference of what a store does. It is gone with the process.
 * Fails with `plan_invalid` where two of the contacts have one id, or one link without being external.
 */
export function memoryStore(options: MemoryStoreOptions = {}): ContactStore {
  const first = planImport(options.contacts ?? [], { base: 0, at: '', actor: '' });
  let contacts = contactsAfter(new Map(), first.decisions);
  let nextId = nextIdAfter(BigInt(options.nextId ?? '1'), contacts.keys());
  let version = 0;
  let connections = connectionsAfter(new Map(), first.connections);
  const forgotten = new Map<string, Set<string>>();
  const rowsOf = new Map<string, KeptRows>();
  // Kept as text, so that nobody else holds what is in here.
  const history: { id: string; run: string; decisions: string[] }[] = [];
  const nextRunId = () => String(history.length + 1);
  const runs = () => history.map(({ run }) => JSON.parse(run) as Run);
  const findRun = (id: string) => runs().find((run) => run.id === id);

  function write(run: Run, decisions: readonly Decision[]): Run {
    history.push({ id: run.id, run: JSON.stringify(run), decisions: decisions.map(decisionToJson) });
    return run;
  }

  /** A contact that left the book, without a link that another one has now. */
  function gone(id: string): Contact | undefined {
    const newestFirst = history.flatMap(({ decisions }) => decisions.map(parseDecision)).reverse();
    const contact = lastKnown(newestFirst, id);
    const taken = [...contacts.values()].some(({ link }) => sameLink(link, contact?.link ?? null));
    return contact && taken ? { ...contact, link: null } : contact;
  }

  /** Notes what a plan changed beside the rows that it keeps itself. */
  function touch({ decisions, connections }: Plan, keeping: string | undefined): void {
    const others = new Set([...rowsOf.keys()].filter((source) => source !== keeping));
    for (const [source, ids] of touchedLinks(decisions.filter(changesBook), others)) {
      const rows = rowsOf.get(source);
      if (rows === undefined) continue;
      if (ids.size > manyTouched) drop(source);
      else rowsOf.set(source, { ...rows, touched: [...new Set([...rows.touched, ...ids])] });
    }
    for (const { before, after } of connections) {
      const source = before?.source ?? after?.source;
      if (source !== undefined && source !== keeping) drop(source);
    }
  }

  function drop(source: string): void {
    const rows = rowsOf.get(source);
    if (rows !== undefined) rowsOf.set(source, { ...rows, ...noRows, generation: rows.generation + 1 });
  }

  return {
    async head() {
      return { version, newId: idsFrom(nextId), connections: [...connections.values()].map((one) => ({ ...one })) };
    },

    async links(source) {
      const links = new Map<string, Fingerprint | null>();
      for (const contact of contacts.values()) {
        if (contact.recordType === 'external' || contact.link?.source !== source) continue;
        links.set(contact.link.externalId, fingerprint(contact));
      }
      return links;
    },

    async find(query) {
      return [...contacts.values()].filter(finder(query)).map(copyOf);
    },

    async search(query) {
      const { contacts: found, next } = searchIn(contacts.values(), query);
      return { contacts: found.map(copyOf), next };
    },

    async count(filter) {
      return countIn(contacts.values(), filter);
    },

    async apply(plan, approval, toKeep) {
      if (approval !== undefined) {
        const approvedBy = runs().find(({ approves }) => approves === approval.run)?.id ?? null;
        checkApproval(plan, approval, findRun(approval.run), approvedBy);
      }
      checkBase(plan, version);
      const next = contactsAfter(contacts, plan.decisions);
      const nextConnections = connectionsAfter(connections, plan.connections);
      const outcome = planChangesBook(plan) ? 'applied' : 'unchanged';
      const after = { outcome, version: outcome === 'applied' ? version + 1 : version } as const;
      const run = write(runOf(plan, { id: nextRunId(), ...after, approval }), plan.decisions);
      const rows = toKeep && rowsOf.get(toKeep.source);
      const keeps = toKeep !== undefined && toKeep.generation === (rows?.generation ?? 0);
      touch(plan, keeps ? toKeep.source : undefined);
      if (keeps) {
        const { source, generation, seed, instead, chunks } = toKeep;
        const all = instead ? chunks : [...(rows?.chunks ?? []), ...chunks];
        rowsOf.set(source, { generation: generation + 1, seed, chunks: all, touched: [] });
      }
      contacts = next;
      connections = nextConnections;
      version = run.version;
      nextId = nextIdAfter(nextId, contacts.keys());
      return run;
    },

    async record(plan: Plan, unapplied: Unapplied) {
      const error = unapplied.outcome === 'failed' ? unapplied.error : null;
      return write(runOf(plan, { id: nextRunId(), outcome: unapplied.outcome, version, error }), plan.decisions);
    },

    async run(id) {
      const run = findRun(id);
      if (run === undefined) throw noSuchRun(id);
      return run;
    },

    async runs({ limit, after }) {
      const end = after === undefined ? history.length : history.findIndex(({ id }) => id === after);
      if (end === -1) throw unknownPage();
      const page = history.slice(Math.max(end - limit, 0), end).reverse();
      const runs = page.map(({ run }) => JSON.parse(run) as Run);
      return { runs, next: end > limit ? (runs.at(-1)?.id ?? null) : null };
    },

    async history(contactId, { limit, after }) {
      const [from, number] = after === undefined ? [history.length + 1, 0] : parseHistoryMark(after);
      const found = history.toReversed().flatMap(({ id, run, decisions }) => {
        if (Number(id) > from) return [];
        return decisions.flatMap((text, place) => {
          const decision = parseDecision(text);
          const passed = Number(id) === from && place <= number;
          if (passed || contactIdOf(decision) !== contactId) return [];
          return [{ entry: { run: JSON.parse(run) as Run, decision }, mark: [Number(id), place] as const }];
        });
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const next = last !== undefined && found.length > limit ? historyMarkAfter(last.mark) : null;
      return { entries: page.map(({ entry }) => entry), next };
    },

    async *decisions(runId): AsyncGenerator<Decision, void, void> {
      const entry = history.find(({ id }) => id === runId);
      if (entry === undefined) throw noSuchRun(runId);
      for (const decision of entry.decisions) yield parseDecision(decision);
    },

    async rows(source, known) {
      // Nobody else sees what is in here, so the hashes need no secret.
      const rows = rowsOf.get(source) ?? { generation: 0, seed: new Uint8Array(8), ...noRows };
      return known === rows.generation ? { ...rows, chunks: [] } : rows;
    },

    async forgotten(source) {
      return new Set(forgotten.get(source));
    },

    async forget(contactId, signature) {
      const contact = contacts.get(contactId) ?? gone(contactId);
      if (contact === undefined) throw noSuchContact(contactId);
      for (const entry of history) {
        const { source } = JSON.parse(entry.run) as Run;
        entry.decisions = entry.decisions.filter((decision) => !isAbout(parseDecision(decision), source, contact));
      }
      if (contact.link !== null) {
        const { source } = contact.link;
        forgotten.set(source, new Set(forgotten.get(source)).add(linkHash(contact.link)));
      }
      contacts = new Map([...contacts].filter(([id]) => id !== contactId));
      for (const source of rowsOf.keys()) drop(source);
      const run = write(forgetRunOf({ id: nextRunId(), base: version, signature }), []);
      version = run.version;
      return run;
    },

    async purge(before) {
      const old = history.filter(({ run }) => isBefore(JSON.parse(run) as Run, before));
      for (const entry of old) {
        entry.run = JSON.stringify({ ...(JSON.parse(entry.run) as Run), purged: true });
        entry.decisions = [];
      }
      return old.length;
    },

    async close() {},
  };
}

const noRows = { chunks: [], touched: [] } as const;

function isBefore({ at, purged }: Run, moment: string): boolean {
  return !purged && at < moment;
}

function connectionsAfter(
  connections: ReadonlyMap<string, Connection>,
  changes: Plan['connections'],
): Map<string, Connection> {
  checkConnections(changes, (source) => connections.get(source) ?? null);
  const next = new Map(connections);
  for (const { before, after } of changes) {
    if (before !== null) next.delete(before.source);
    if (after !== null) next.set(after.source, { ...after });
  }
  return next;
}

/** The book after the decisions. The old one stays as it is, so a plan that does not fit leaves nothing behind. */
function contactsAfter(contacts: ReadonlyMap<string, Contact>, decisions: readonly Decision[]): Map<string, Contact> {
  const next = new Map(contacts);
  for (const { before, after } of changesOf(decisions, (id) => contacts.get(id))) {
    if (after === null) next.delete(before.id);
    else next.set(after.id, copyOf(after));
  }
  checkLinks(next.values());
  return next;
}

function checkLinks(contacts: Iterable<Contact>): void {
  const taken = new Set<string>();
  for (const { link, recordType } of contacts) {
    if (link === null || recordType === 'external') continue;
    if (taken.has(keyOf(link))) throw linkTaken(link);
    taken.add(keyOf(link));
  }
}

function finder({ ids = [], links, nameEmailKeys = [] }: ContactQuery): (contact: Contact) => boolean {
  const wanted = {
    ids: new Set(ids),
    links: new Set(links?.externalIds.map((externalId) => keyOf({ source: links.source, externalId }))),
    keys: new Set(nameEmailKeys),
  };
  return (contact) =>
    wanted.ids.has(contact.id) ||
    (contact.link !== null && wanted.links.has(keyOf(contact.link))) ||
    wanted.keys.has(nameEmailKey(contact));
}

function keyOf({ source, externalId }: Link): string {
  return JSON.stringify([source, externalId]);
}

function copyOf(contact: Contact): Contact {
  return { ...contact, link: contact.link && { ...contact.link } };
}
