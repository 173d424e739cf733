import {
  asContactSyncError,
  type ConnectionKind,
  type ContactSource,
  type ContactStore,
  ContactSyncError,
  type Plan,
  type PlannedSync,
  type PolicyInput,
  parsePolicy,
  planOf,
  planRead,
  type Read,
  type ReadProgress,
  type Run,
  readAll,
  rowComparison,
} from '@contact-sync/core';
import { runsSince } from './changes-since.js';

export type SyncOptions = {
  readonly source: ContactSource;
  readonly store: ContactStore;
  /** Who runs it, for the history: a user name, or the name of a service. */
  readonly actor: string;
  readonly why?: string | null;
  readonly policy?: PolicyInput;
  /** What the records become, at the first sync of a source; `contact-sync` unless said. */
  readonly kind?: ConnectionKind;
  /** For how many days the history keeps what runs changed, before and after; 90 unless said. What is older is deleted. */
  readonly keepDays?: number;
  /** Connected sources that have not synced into this book yet. */
  readonly connected?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Is shown the plan before anything is written, guards that tripped included; false ends the run without a trace. */
  readonly confirm?: (plan: Plan) => boolean | Promise<boolean>;
  readonly now?: () => Date;
};

export type SyncResult =
  /** `applied`, `unchanged`: done. `blocked`: a guard tripped, nothing was written but the run's line in the history. */
  | { readonly outcome: 'applied' | 'unchanged' | 'blocked'; readonly plan: Plan; readonly run: Run }
  /** `confirm` said no: nothing was written at all. */
  | { readonly outcome: 'declined'; readonly plan: Plan; readonly run: null };

/** What a sync would do now. Writes nothing, not even a line of the history. */
export async function preview(options: Omit<SyncOptions, 'confirm'>): Promise<Plan> {
  const planOptions = optionsOfPlan(options);
  const { plan } = await planFrom(await readRows(options, planOptions), options, planOptions);
  return plan;
}

/** Reads the source, without the rows that the book knows from its last sync; with all of them where it is not `trusting`. */
async function readRows(
  { source, store, signal, onProgress }: Omit<SyncOptions, 'confirm'>,
  { policy }: PlanOptions,
  trusting = true,
): Promise<Read> {
  const kept = await store.rows?.(source.source);
  const comparison = kept && rowComparison(kept, policy, trusting);
  return await readAll(source, { signal, onProgress, comparison });
}

/** Where the book changed so that it needs a row that was passed over, which is rare, the source is read again. */
async function planFrom(
  read: Read,
  options: Omit<SyncOptions, 'confirm'>,
  planOptions: PlanOptions,
): Promise<PlannedSync & { read: Read }> {
  const planned = await planRead(options.store, { ...planOptions, read });
  if (planned !== null) return { ...planned, read };
  return await planFrom(await readRows(options, planOptions, false), options, planOptions);
}

const attempts = 5;

/**
 * Makes a contact book follow its source: reads all, decides all, checks the guards, and writes once or not at all.
 * Where the book changed meanwhile, it is planned again from the same read. A run that fails is noted in the history,
 * leaves the book as it was, and rejects.
 */
export async function sync(options: SyncOptions): Promise<SyncResult> {
  const { source, store } = options;
  const planOptions = optionsOfPlan(options);
  await refusePaused(store, source.source);
  const newest = (await store.runs({ limit: 1 })).runs[0]?.id ?? null;
  try {
    let read = await readRows(options, planOptions);
    for (let attempt = 1; ; attempt += 1) {
      const planned = await planFrom(read, options, planOptions);
      read = planned.read;
      await refuseOvertaken(store, source.source, newest);
      const result = await decideAndWrite(planned, options, attempt === attempts);
      if (result !== 'moved on') return result;
    }
  } catch (error) {
    const failure = asContactSyncError(error);
    await noteFailure(store, { source: source.source, ...planOptions }, failure);
    throw failure;
  }
}

async function decideAndWrite(
  { plan, rowsToKeep }: PlannedSync,
  options: SyncOptions,
  last: boolean,
): Promise<SyncResult | 'moved on'> {
  const { source, store, signal, confirm } = options;
  if (confirm !== undefined && !(await confirm(plan))) return { outcome: 'declined', plan, run: null };
  if (plan.blocked.length > 0)
    return { outcome: 'blocked', plan, run: await store.record(plan, { outcome: 'blocked' }) };
  if (signal?.aborted) {
    throw new ContactSyncError('cancelled', `The sync of ${source.source} was cancelled before it wrote.`, {
      hint: 'Nothing was written. Run it again when you like.',
    });
  }
  try {
    await purgeOld(store, plan.at, options.keepDays);
    const run = await store.apply(plan, undefined, rowsToKeep() ?? undefined);
    return { outcome: run.outcome === 'unchanged' ? 'unchanged' : 'applied', plan, run };
  } catch (error) {
    if (!last && ContactSyncError.is(error) && error.code === 'store_conflict') return 'moved on';
    throw error;
  }
}

type PlanOptions = ReturnType<typeof optionsOfPlan>;

function optionsOfPlan(options: Omit<SyncOptions, 'confirm'>) {
  const { policy = {}, actor, why = null, connected = [], kind, now = () => new Date() } = options;
  const at = now().toISOString();
  return { policy: parsePolicy(policy), actor, why, connected, at, ...(kind === undefined ? {} : { kind }) };
}

/** Deletes what runs changed so many days ago. */
export async function purgeOld(store: ContactStore, at: string, days = 90): Promise<void> {
  await store.purge(new Date(Date.parse(at) - days * 86_400_000).toISOString());
}

/** A paused connection can be previewed, and is not synced. */
export async function refusePaused(store: ContactStore, source: string): Promise<void> {
  const { connections } = await store.head();
  if (!connections.some((connection) => connection.source === source && connection.state === 'paused')) return;
  throw new ContactSyncError('connection_paused', `The connection to ${source} is paused.`, {
    hint: `Nothing was read. See what a sync would do with plan, then: contact-sync resume ${source}`,
  });
}

/**
 * What this run read is older than what another run of the same source has done since it began: a process that was frozen
 * and wakes up must not write old data over new. The plan's version sees to the time after this look.
 */
export async function refuseOvertaken(store: ContactStore, source: string, newest: string | null): Promise<void> {
  for await (const run of runsSince(store, newest)) {
    if (
      run.source !== source ||
      run.kind === 'connection' ||
      (run.outcome !== 'applied' && run.outcome !== 'unchanged')
    )
      continue;
    throw new ContactSyncError('store_conflict', `Run ${run.id} of ${source} finished while this one was under way.`, {
      hint: 'Nothing was written, since what this run read is older. Run it again if you need to.',
    });
  }
}

type Attempt = { readonly source: string; readonly actor: string; readonly why: string | null; readonly at: string };

/** Writes the history line of a run that failed. Where even that fails, the error says both. */
async function noteFailure(store: ContactStore, attempt: Attempt, failure: ContactSyncError): Promise<void> {
  const { code, message, hint, resumeAt, reference } = failure;
  try {
    const { version } = await store.head();
    await store.record(emptyPlan(attempt, version), { outcome: 'failed', error: { code, message } });
  } catch (noting) {
    throw new ContactSyncError(code, message, {
      hint: `${hint} The failure could not be noted in the history either.`,
      cause: new AggregateError([failure, noting]),
      ...(resumeAt === undefined ? {} : { resumeAt }),
      ...(reference === undefined ? {} : { reference }),
    });
  }
}

function emptyPlan({ source, actor, why, at }: Attempt, base: number): Plan {
  return planOf({ kind: 'sync', source, actor, why, at, base }, []);
}
