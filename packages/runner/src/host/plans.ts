import {
  asContactSyncError,
  ContactSyncError,
  checkBase,
  type Plan,
  planDisconnect,
  planOfRun,
  planUndo,
  type ReadProgress,
  type Run,
} from '@contact-sync/core';
import { endAccessIn } from '../connections/end-access.js';
import { runLock } from '../run-lock.js';
import { ringIfAny } from '../secrets/key-sources.js';
import { readingOf } from '../serve/run-connection.js';
import { preview, purgeOld, refuseOvertaken, refusePaused } from '../sync.js';
import { approvalOf } from './approval.js';
import { signatureOf } from './change.js';
import { type Inner, isoNow, storeToChange } from './inner.js';
import type { PreviewOf, Signed } from './types.js';

/** A plan that somebody looks at, and how exactly it is applied. */
export type Made = {
  readonly plan: Plan;
  readonly apply: (signed: Signed) => Promise<Run>;
  /** What is to be done once it is applied. Whatever comes of it, the run is in the history. */
  readonly after?: (run: Run) => Promise<void>;
};

type Reading = { readonly signal: AbortSignal; readonly onProgress: (progress: ReadProgress) => void };

/** Makes the plan, and writes nothing. */
export async function makePlan(inner: Inner, about: PreviewOf, actor: string, reading: Reading): Promise<Made> {
  if ('run' in about)
    return about.kind === 'undo' ? await undoPlan(inner, about.run, actor) : await approvalPlan(inner, about.run);
  if (about.kind === 'disconnect') return await disconnectPlan(inner, about.source, actor);
  return await syncPlan(inner, about.source, actor, reading);
}

async function syncPlan(inner: Inner, source: string, actor: string, reading: Reading): Promise<Made> {
  const { book, options, now } = inner;
  const store = await storeToChange(inner);
  const newest = (await store.runs({ limit: 1 })).runs[0]?.id ?? null;
  const plan = await preview({
    ...(await readingOf(book, source, { load: inner.load, cwd: options.cwd })),
    ...{ store, actor, now: () => new Date(now()) },
    ...reading,
  });
  const apply = (signed: Signed) =>
    whileNoRun(inner, source, async () => {
      await refusePaused(store, source);
      await refuseOvertaken(store, source, newest);
      // What does not fit any more leaves no line in the history.
      checkBase(plan, (await store.head()).version);
      await purgeOld(store, plan.at, book.served.keepDays);
      if (plan.blocked.length === 0) return await store.apply(withNote(plan, signed));
      // The history is to show both: that a guard stopped it, and who let it happen.
      const { id } = await store.record(plan, { outcome: 'blocked' });
      return await store.apply(plan, { run: id, ...signatureOf(inner, signed) });
    });
  return { plan, apply };
}

async function disconnectPlan(inner: Inner, source: string, actor: string): Promise<Made> {
  const store = await storeToChange(inner);
  const plan = await planDisconnect(store, source, { actor, why: null, at: isoNow(inner) });
  // A run that is under way need not end first: it writes nothing once its source was disconnected.
  const after = async ({ id }: Run) => {
    await endAccess(inner, source).catch((cause: unknown) => {
      const { code } = asContactSyncError(cause);
      const done = `It is disconnected, with run ${id}, but what was stored to read it is still there.`;
      throw new ContactSyncError(code, done, { hint: 'Remove it in a while, where the connection is shown.', cause });
    });
  };
  return { plan, apply: (signed) => store.apply(withNote(plan, signed)), after };
}

/** Removes what is stored to read a source. Nobody needs a key for that. False where nothing is. */
export async function endAccess({ book }: Inner, source: string): Promise<boolean> {
  const { vault } = await book.opened();
  return await endAccessIn(vault, () => ringIfAny(book.keys()), book.place.book, source);
}

async function undoPlan(inner: Inner, run: string, actor: string): Promise<Made> {
  const store = await storeToChange(inner);
  const plan = await planUndo(store, run, { actor, why: null, at: isoNow(inner) });
  return { plan, apply: (signed) => store.apply(withNote(plan, signed)) };
}

async function approvalPlan(inner: Inner, run: string): Promise<Made> {
  const store = await storeToChange(inner);
  const { notApprovable } = await approvalOf(store, await store.run(run));
  if (notApprovable !== null) {
    throw new ContactSyncError('plan_invalid', notApprovable, {
      hint: 'Nothing was written. Sync again, and approve the plan that is shown then.',
    });
  }
  const plan = await planOfRun(store, run);
  return { plan, apply: (signed) => store.apply(plan, { run, ...signatureOf(inner, signed) }) };
}

async function whileNoRun<T>({ book }: Inner, source: string, work: () => Promise<T>): Promise<T> {
  const { eager } = await book.opened();
  return await eager.locked(runLock(book.place.book, source), work);
}

/** What it does stays to the letter what was looked at. */
function withNote(plan: Plan, { why }: Signed): Plan {
  return why === null ? plan : { ...plan, why };
}
