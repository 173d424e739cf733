import { randomUUID } from 'node:crypto';
import { asContactSyncError, ContactSyncError } from '@contact-sync/core';
import { progressOf } from '../serve/run-connection.js';
import { doneOf } from './change.js';
import { refuseUnstored } from './connecting.js';
import { type Inner, noticed } from './inner.js';
import { decisionsPage } from './pages.js';
import { type Made, makePlan } from './plans.js';
import type { HostBook, PreviewOf, PreviewView } from './types.js';
import { planView, shownError } from './views.js';

type Held = {
  readonly id: string;
  readonly inner: Inner;
  readonly actor: string;
  readonly about: PreviewOf;
  readonly madeAt: number;
  readonly stop: AbortController;
  view: PreviewView;
  made: Made | null;
  failure: ContactSyncError | null;
  /** While it is applied. */
  applying: boolean;
};

export type Previews = {
  readonly of: (
    inner: Inner,
  ) => Pick<HostBook, 'preview' | 'previewed' | 'previewDecisions' | 'applyPreview' | 'dropPreview'>;
  /** Drops those of a book: they may hold a person who is forgotten. */
  readonly drop: (book: string) => void;
  readonly close: () => Promise<void>;
};

/** How many are kept, of all books: a plan may list everybody of a large practice. */
const most = 10;

/** For how long, in milliseconds. */
const keptMs = 30 * 60_000;

/**
 * Plans that people look at before they are applied, kept in memory. Each is of one book, and applied by who made it.
 * One more than are kept ends the oldest, and so does another of the same by the same person.
 */
export function previews(): Previews {
  const all = new Map<string, Held>();
  const reading = new Set<Promise<void>>();
  let sweep: NodeJS.Timeout | null = null;

  function drop(held: Held): void {
    all.delete(held.id);
    held.stop.abort();
  }

  /** Forgets what is too old, now and when the next one will be. */
  function forgetOld(): void {
    for (const held of all.values()) if (held.inner.now() - held.madeAt >= keptMs) drop(held);
    if (sweep !== null) clearTimeout(sweep);
    sweep = all.size === 0 ? null : setTimeout(forgetOld, keptMs).unref();
  }

  function find(inner: Inner, id: string): Held {
    forgetOld();
    const held = all.get(id);
    if (held !== undefined && held.inner.book === inner.book) return held;
    throw new ContactSyncError('not_found', 'There is no such preview any more.', {
      hint: 'A preview is kept for half an hour. Make it again.',
    });
  }

  function findOwn(inner: Inner, id: string, actor: string): Held {
    const held = find(inner, id);
    if (held.actor === actor) return held;
    throw new ContactSyncError('not_found', `This preview was made by ${held.actor}.`, {
      hint: 'Who made a preview applies it. Make one of your own.',
    });
  }

  function show(held: Held, change: Partial<PreviewView>): void {
    held.view = { ...held.view, ...change };
    const { state, progress } = held.view;
    if (all.has(held.id))
      held.inner.tell({ type: 'preview', book: held.inner.book.name, id: held.id, state, progress });
  }

  async function read(held: Held): Promise<void> {
    const { inner, about, actor, stop } = held;
    try {
      held.made = await makePlan(inner, about, actor, {
        signal: AbortSignal.any([inner.options.signal, stop.signal]),
        onProgress: (progress) => show(held, { progress: progressOf(progress) }),
      });
      show(held, { state: 'ready', plan: planView(held.made.plan) });
    } catch (error) {
      held.failure = asContactSyncError(error);
      show(held, { state: 'failed', error: shownError(held.failure) });
    }
  }

  function begin(inner: Inner, about: PreviewOf, actor: string): Held {
    forgetOld();
    const same = (held: Held) =>
      held.inner.book === inner.book && held.actor === actor && JSON.stringify(held.about) === JSON.stringify(about);
    for (const held of all.values()) if (same(held) && !held.applying) drop(held);
    for (const held of [...all.values()].filter(({ applying }) => !applying)) if (all.size >= most) drop(held);
    const id = randomUUID();
    const view = { id, about, state: 'reading', progress: null, plan: null, run: null, error: null } as const;
    const held: Held = {
      ...{ id, inner, actor, about, madeAt: inner.now(), stop: new AbortController() },
      ...{ view, made: null, failure: null, applying: false },
    };
    all.set(id, held);
    forgetOld();
    return held;
  }

  async function apply(held: Held, hash: string, signed: Parameters<HostBook['applyPreview']>[2]) {
    const { view, made, inner } = held;
    if (view.state === 'applied') throw notApplicable(`It was applied already, with run ${view.run}.`);
    if (held.applying) throw notApplicable('It is being applied.');
    if (made === null || view.plan === null) throw notApplicable('There is no plan yet.');
    if (view.plan.hash !== hash) throw notApplicable('This is not the plan that was shown.');
    held.applying = true;
    try {
      const run = await made.apply(signed);
      show(held, { state: 'applied', run: run.id });
      try {
        await made.after?.(run);
      } finally {
        await noticed(inner);
      }
      return await doneOf(inner, run, null);
    } finally {
      held.applying = false;
    }
  }

  return {
    of: (inner) => ({
      async preview(about, actor) {
        if (about.kind === 'sync') await refuseUnstored(inner, about.source);
        const held = begin(inner, about, actor);
        const task = read(held).finally(() => reading.delete(task));
        reading.add(task);
        // What asks no system is there at once, or refused.
        if (about.kind !== 'sync') await task;
        if (about.kind !== 'sync' && held.failure !== null) {
          drop(held);
          throw held.failure;
        }
        return held.view;
      },
      previewed: (id) => find(inner, id).view,
      async previewDecisions(id, query) {
        return await decisionsPage(find(inner, id).made?.plan.decisions ?? [], query);
      },
      async applyPreview(id, hash, signed) {
        return await apply(findOwn(inner, id, signed.actor), hash, signed);
      },
      dropPreview: (id, actor) => drop(findOwn(inner, id, actor)),
    }),
    drop(book) {
      for (const held of all.values()) if (held.inner.book.name === book) drop(held);
    },
    async close() {
      if (sweep !== null) clearTimeout(sweep);
      for (const held of all.values()) drop(held);
      await Promise.all(reading);
    },
  };
}

function notApplicable(why: string): ContactSyncError {
  return new ContactSyncError('plan_invalid', `This preview cannot be applied. ${why}`, {
    hint: 'Look at what is shown now, or make the preview again.',
  });
}
