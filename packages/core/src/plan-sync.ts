import type { Connection, ConnectionKind } from './connection.js';
import type { Step } from './decide.js';
import { ContactSyncError } from './error.js';
import { judge } from './judge.js';
import { rowsToKeep } from './known/keep-rows.js';
import { type LookUp, partView, wholeView } from './known/look-up.js';
import type { Plan } from './plan.js';
import type { Policy } from './policy.js';
import type { Read } from './read.js';
import { reconcile } from './reconcile.js';
import type { ContactStore, RowsToKeep } from './store.js';

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
  /** How contacts are looked up where rows were passed over; by the number of the others unless said. */
  readonly lookUp?: LookUp;
};

const attempts = 5;

export type PlannedSync = {
  readonly plan: Plan;
  /** What the store is to keep of the rows when it applies the plan; null: what it keeps already, or nothing. */
  rowsToKeep(): RowsToKeep | null;
};

/** Plans a sync of one book. Reads from the store and writes nothing. */
export async function planSync(store: ContactStore, options: PlanSyncOptions): Promise<Plan> {
  const planned = await planRead(store, options);
  if (planned !== null) return planned.plan;
  throw new ContactSyncError('store_conflict', `Rows of ${options.read.source} that were passed over changed since.`, {
    hint: 'Nothing was written. Run it again.',
  });
}

/**
 * Plans a sync from a read in which rows may have been passed over. Null where the book changed since in a way that needs
 * one of them: the source has to be read again, all of it.
 */
export async function planRead(store: ContactStore, options: PlanSyncOptions): Promise<PlannedSync | null> {
  const { read, policy, connected = [], why = null } = options;
  const { compared } = read;
  const judged = judge(read, policy);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { version, newId, connections } = await store.head();
    const kind = kindOf(connections, read.source, options.kind);
    const isPart = compared !== undefined && compared.known.passed() > 0;
    if (isPart && kind === 'external') return null;
    const view = isPart
      ? await partView(store, { read, judged, compared, policy, lookUp: options.lookUp })
      : await wholeView(store, { read, judged, kind }, options.onStep !== undefined);
    const forgotten = await store.forgotten(read.source);
    // Between these calls another process may have written: a plan must come from one version of the book.
    if ((await store.head()).version !== version) continue;
    if (view === null) return null;
    const plan = reconcile({
      ...view,
      policy,
      kind,
      connections,
      connected,
      forgotten,
      base: version,
      newId,
      at: options.at,
      actor: options.actor,
      why,
      onStep: options.onStep,
    });
    return { plan, rowsToKeep: () => (kind === 'external' ? null : rowsToKeep(view, plan)) };
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
