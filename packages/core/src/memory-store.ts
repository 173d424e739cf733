import { nameEmailKey } from './canonical.js';
import { changesOf, checkBase, idsFrom, linkTaken, nextIdAfter } from './changes.js';
import type { Contact, Link } from './contact.js';
import { type Fingerprint, fingerprint } from './fingerprint.js';
import { decisionToJson, parseDecision } from './ndjson.js';
import { changesBook, type Decision, type Plan } from './plan.js';
import { planImport } from './plan-import.js';
import { noSuchRun, runOf } from './run.js';
import {
  compareForSearch,
  compareMarks,
  fitsSearch,
  parseSearchMark,
  searchMarkAfter,
  searchTerms,
  unknownPage,
} from './search.js';
import type { ContactQuery, ContactStore, Run, SearchQuery, Unapplied } from './store.js';

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
  // Kept as text, so that nobody else holds what is in here.
  const history: { id: string; run: string; decisions: string[] }[] = [];

  function write(plan: Plan, happened: Pick<Run, 'outcome' | 'version' | 'error'>): Run {
    const run = runOf(plan, { id: String(history.length + 1), ...happened });
    history.push({ id: run.id, run: JSON.stringify(run), decisions: plan.decisions.map(decisionToJson) });
    return run;
  }

  return {
    async head() {
      const synced = [...contacts.values()].filter(({ recordType }) => recordType === 'contact-sync');
      const sources = new Set(synced.flatMap(({ link }) => (link === null ? [] : [link.source])));
      return { version, newId: idsFrom(nextId), sources: [...sources] };
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

    async search({ text, limit, after }: SearchQuery) {
      const terms = searchTerms(text);
      const mark = after === undefined ? null : parseSearchMark(after);
      const found = [...contacts.values()]
        .filter((contact) => terms === null || fitsSearch(contact, terms))
        .filter((contact) => mark === null || compareMarks([nameEmailKey(contact), contact.id], mark) > 0)
        .sort(compareForSearch);
      const page = found.slice(0, limit).map(copyOf);
      const last = page.at(-1);
      return { contacts: page, next: last !== undefined && found.length > limit ? searchMarkAfter(last) : null };
    },

    async apply(plan) {
      checkBase(plan, version);
      const next = contactsAfter(contacts, plan.decisions);
      const outcome = plan.decisions.some(changesBook) ? 'applied' : 'unchanged';
      const run = write(plan, { outcome, version: outcome === 'applied' ? version + 1 : version, error: null });
      contacts = next;
      version = run.version;
      nextId = nextIdAfter(nextId, contacts.keys());
      return run;
    },

    async record(plan: Plan, unapplied: Unapplied) {
      const error = unapplied.outcome === 'failed' ? unapplied.error : null;
      return write(plan, { outcome: unapplied.outcome, version, error });
    },

    async runs({ limit, after }) {
      const end = after === undefined ? history.length : history.findIndex(({ id }) => id === after);
      if (end === -1) throw unknownPage();
      const page = history.slice(Math.max(end - limit, 0), end).reverse();
      const runs = page.map(({ run }) => JSON.parse(run) as Run);
      return { runs, next: end > limit ? (runs.at(-1)?.id ?? null) : null };
    },

    async *decisions(runId): AsyncGenerator<Decision, void, void> {
      const entry = history.find(({ id }) => id === runId);
      if (entry === undefined) throw noSuchRun(runId);
      for (const decision of entry.decisions) yield parseDecision(decision);
    },

    async close() {},
  };
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
