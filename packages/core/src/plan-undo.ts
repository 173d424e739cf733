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
  const hindrance = whyNot(run);
  if (hindrance !== null) {
    throw new ContactSyncError('not_found', `Run ${runId} cannot be undone: ${hindrance}.`, {
      hint: 'See the runs with: contact-sync runs',
    });
  }
  const changed: Decision[] = [];
  for await (const decision of store.decisions(runId)) if (changesBook(decision)) changed.push(decision);

  const ids = changed.map(idOf);
  const now = new Map((await store.find({ ids })).map((contact) => [contact.id, contact]));
  const decisions = await leaveTakenLinks(
    store,
    changed.map((decision) => undo(decision, now)),
  );
  return planOf(
    { kind: 'undo', source: run.source, base: head.version, ...signature },
    decisions,
    connectionsAfter(run, head),
  );
}

function whyNot({ kind, outcome, purged }: Run): string | null {
  if (outcome !== 'applied') return `it wrote nothing, it is ${outcome}`;
  if (kind === 'forget') return 'who was forgotten is not remembered';
  return purged ? 'its details are older than the book keeps them' : null;
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
  const restored = decisions.filter(
    ({ before, after }) => after?.link != null && !sameLink(before?.link ?? null, after.link),
  );
  const bySource = Map.groupBy(
    restored.flatMap(({ after }) => (after?.link == null ? [] : [after.link])),
    ({ source }) => source,
  );
  const touched = new Map(decisions.map((decision) => [idOf(decision), decision.after]));
  const taken = new Set<string>();
  for (const [source, links] of bySource) {
    const holders = await store.find({ links: { source, externalIds: links.map(({ externalId }) => externalId) } });
    for (const holder of holders) {
      // What counts is who holds the link once the undo is done.
      const after = touched.has(holder.id) ? touched.get(holder.id) : holder;
      if (after != null && after.recordType !== 'external' && sameLink(after.link, holder.link))
        taken.add(keyOf(holder));
    }
  }
  return decisions.map((decision) => {
    const { before, after } = decision;
    const lost =
      restored.includes(decision) && after !== null && after.recordType !== 'external' && taken.has(keyOf(after));
    return lost ? { ...decision, after: before, flags: ['changed_since'] } : decision;
  });
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
