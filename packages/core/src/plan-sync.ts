import type { Connection, ConnectionKind } from './connection.js';
import type { Step } from './decide.js';
import { ContactSyncError } from './error.js';
import { judge } from './judge.js';
import type { Plan } from './plan.js';
import type { Policy } from './policy.js';
import type { Read } from './read.js';
import { candidateQuery, reconcile } from './reconcile.js';
import type { ContactStore } from './store.js';

export type PlanSyncOptions = {
  readonly read: Read;
  readonly policy: Policy;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly actor: string;
  readonly why?: string | null;
  /** What the records become; must be that of the connection, where the book knows it. `contact-sync` unless said. */
  readonly kind?: ConnectionKind;
  /** Connected sources that have not synced into this book yet, so that it does not know of them. */
  readonly connected?: readonly string[];
  /** Is shown every line that each record is taken through; no record is skipped by its fingerprint then. */
  readonly onStep?: (step: Step) => void;
};

const attempts = 5;

/** Plans a sync of one book. Reads from the store and writes nothing. */
export async function planSync(store: ContactStore, options: PlanSyncOptions): Promise<Plan> {
  const { read, policy, connected = [], why = null } = options;
  const judged = judge(read, policy);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { version, newId, connections } = await store.head();
    const kind = kindOf(connections, read.source, options.kind);
    // External contacts stand for themselves: nothing they are linked to is kept equal, or goes missing.
    const stored = kind === 'external' ? new Map() : await store.links(read.source);
    const forgotten = await store.forgotten(read.source);
    const links = options.onStep === undefined ? stored : new Map([...stored.keys()].map((id) => [id, null]));
    const candidates = await store.find(candidateQuery(read.source, judged, links, kind));
    // Between these calls another process may have written: a plan must come from one version of the book.
    if ((await store.head()).version !== version) continue;
    return reconcile({
      read,
      judged,
      policy,
      kind,
      connections,
      connected,
      forgotten,
      links,
      candidates,
      base: version,
      newId,
      at: options.at,
      actor: options.actor,
      why,
      onStep: options.onStep,
    });
  }
  throw new ContactSyncError('store_conflict', `The book changed ${attempts} times while the plan was made.`, {
    hint: 'Nothing was written. Run it again when less is going on.',
  });
}

function kindOf(connections: readonly Connection[], source: string, asked: ConnectionKind | undefined): ConnectionKind {
  const known = connections.find((connection) => connection.source === source);
  if (known === undefined || asked === undefined || known.kind === asked) return known?.kind ?? asked ?? 'contact-sync';
  throw new ContactSyncError('setting_invalid', `The connection to ${source} is of kind ${known.kind}, not ${asked}.`, {
    hint: 'Nothing was written. A connection keeps its kind; connect the source to another book for the other.',
  });
}
