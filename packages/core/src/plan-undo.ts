import { type ConnectionChange, sameConnection } from './connection.js';
import { type Contact, sameContact, sameLink } from './contact.js';
import { ContactSyncError } from './error.js';
import { changesBook, type Decision, type Plan, planOf, type Signature } from './plan.js';
import type { ContactStore, Head, Run } from './store.js';

/**
 * Restores what a run changed. A contact that was changed since, by a person or a later run, is left alone and listed with
 * the flag `changed_since`. The connection of a sync is paused, else the next sync would do it all again.
 */
export async function planUndo(store: ContactStore, runId: string, signature: Signature): Promise<Plan> {
  const head = await store.head();
  const run = await store.run(runId);
  const hindrance = whyNotUndone(run);
  if (hindrance !== null) {
    throw new ContactSyncError('not_found', hindrance, {
      hint: 'See the runs with: contact-sync runs',
    });
  }
  const changed: Decision[] = [];
  for await (const decision of store.decisions(runId)) if (changesBook(decision)) changed.push(decision);

  const ids = changed.map(idOf);
  const now = new Map((await store.find({ ids })).map((contact) => [contact.id, contact]));
  const undone = await leaveTakenLinks(
    store,
    changed.map((decision) => undo(decision, now)),
  );
  const connections = await keepNeeded(store, connectionsAfter(run, head), undone);
  const decisions = undone.map((decision) => releaseUnconnected(decision, connectedAfter(head, connections)));
  return planOf({ kind: 'undo', source: run.source, base: head.version, ...signature }, decisions, connections);
}

/** The sentence that says why a run cannot be undone; null where it can. */
export function whyNotUndone({ id, kind, outcome, purged }: Run): string | null {
  const because = (hindrance: string) => `Run ${id} cannot be undone: ${hindrance}.`;
  if (outcome !== 'applied') return because(`it wrote nothing, it is ${outcome}`);
  if (kind === 'forget') return because('who was forgotten is not remembered');
  return purged ? because('its details are older than the book keeps them') : null;
}

function undo({ before, after, externalId }: Decision, now: ReadonlyMap<string, Contact>): Decision {
  const current = now.get(idOf({ before, after })) ?? null;
  const untouched = after === null || current === null ? after === current : sameContact(after, current);
  return {
    reason: 'undone',
    externalId,
    before: current,
    after: untouched ? before : current,
    flags: untouched ? [] : ['changed_since'],
    says: null,
    faults: [],
    note: null,
  };
}

/** A link that another contact got since cannot be given back: the contact that had it is left as it is. */
async function leaveTakenLinks(store: ContactStore, decisions: readonly Decision[]): Promise<Decision[]> {
  const touched = new Set(decisions.map(idOf));
  const holders = await holdersOf(store, decisions);
  const outside = holders.filter(({ id }) => !touched.has(id));
  let left = [...decisions];
  // A contact that is left as it is keeps a link that another one was about to get back: again, until all fit.
  for (;;) {
    const staying = left.flatMap((one) => (givesLink(one) || one.after === null ? [] : [one.after]));
    const taken = new Set([...outside, ...staying].filter(({ recordType }) => recordType !== 'external').map(keyOf));
    const lost = new Set(left.filter((one) => givesLink(one) && one.after !== null && taken.has(keyOf(one.after))));
    if (lost.size === 0) return left;
    left = left.map((one) => (lost.has(one) ? { ...one, after: one.before, flags: ['changed_since'] } : one));
  }
}

/** Whether undoing gives the contact a link that it does not have now, and that nobody else may have. */
function givesLink({ before, after }: Decision): boolean {
  if (after === null || after.link === null || after.recordType === 'external') return false;
  return !sameLink(before?.link ?? null, after.link);
}

/** Who has the links now that the undo gives back. */
async function holdersOf(store: ContactStore, decisions: readonly Decision[]): Promise<Contact[]> {
  const links = decisions.filter(givesLink).flatMap(({ after }) => (after?.link == null ? [] : [after.link]));
  const holders: Contact[] = [];
  for (const [source, ofSource] of Map.groupBy(links, (link) => link.source)) {
    const externalIds = ofSource.map(({ externalId }) => externalId);
    holders.push(...(await store.find({ links: { source, externalIds } })));
  }
  return holders;
}

function keyOf({ link }: Contact): string {
  return link === null ? '' : `${link.source}\n${link.externalId}`;
}

function idOf({ before, after }: Pick<Decision, 'before' | 'after'>): string {
  return (after ?? before)?.id ?? '';
}

/** After the undo of a sync its connection is paused; any other change of a connection is taken back, if it still stands. */
function connectionsAfter(run: Run, { connections }: Head): ConnectionChange[] {
  const now = (source: string | null) => connections.find((connection) => connection.source === source) ?? null;
  if (run.kind === 'sync') {
    const connection = now(run.source);
    return connection?.state === 'connected' ? [{ before: connection, after: { ...connection, state: 'paused' } }] : [];
  }
  return run.connections.flatMap(({ before, after }) => {
    const current = now((before ?? after)?.source ?? null);
    return sameConnection(current, after) ? [{ before: current, after: before }] : [];
  });
}

/** A connection stays while contacts are synced with it that the undo leaves alone. */
async function keepNeeded(
  store: ContactStore,
  changes: readonly ConnectionChange[],
  decisions: readonly Decision[],
): Promise<ConnectionChange[]> {
  const after = new Map(decisions.map((decision) => [idOf(decision), decision.after]));
  const kept: ConnectionChange[] = [];
  for (const change of changes) {
    const source = change.before?.source;
    const ends = source !== undefined && (change.after === null || change.after.state === 'disconnected');
    if (ends) {
      const externalIds = [...(await store.links(source)).keys()];
      const linked = await store.find({ links: { source, externalIds } });
      const stays = linked.map((contact) => (after.has(contact.id) ? after.get(contact.id) : contact));
      if (stays.some((contact) => contact?.recordType === 'contact-sync' && contact.link?.source === source)) continue;
    }
    kept.push(change);
  }
  return kept;
}

function connectedAfter({ connections }: Head, changes: readonly ConnectionChange[]): Set<string> {
  const connected = new Set(
    connections.filter(({ state }) => state !== 'disconnected').map((connection) => connection.source),
  );
  for (const { before, after } of changes) {
    if (before !== null) connected.delete(before.source);
    if (after !== null && after.state !== 'disconnected') connected.add(after.source);
  }
  return connected;
}

/** What was synced with a source that was disconnected since comes back as the disconnect would have left it: manual. */
function releaseUnconnected(decision: Decision, connected: ReadonlySet<string>): Decision {
  const { before, after } = decision;
  const isSynced = after?.recordType === 'contact-sync' && after.link !== null && !connected.has(after.link.source);
  return isSynced && (before === null || !sameContact(before, after))
    ? { ...decision, after: { ...after, recordType: 'manual' } }
    : decision;
}
