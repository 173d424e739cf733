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
  /** Connected sources beside those the book has synced contacts of: connected, but not synced yet. */
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
    const { version, newId, sources } = await store.head();
    const stored = await store.links(read.source);
    const links = options.onStep === undefined ? stored : new Map([...stored.keys()].map((id) => [id, null]));
    const candidates = await store.find(candidateQuery(read.source, judged, links));
    // Between these calls another process may have written: a plan must come from one version of the book.
    if ((await store.head()).version !== version) continue;
    return reconcile({
      read,
      judged,
      policy,
      connected: [...sources, ...connected],
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
