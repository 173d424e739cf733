import { ContactSyncError, type Reason, type Run } from '@contact-sync/core';
import type { ServedBook } from '../serve/served-book.js';
import type { Service } from '../serve/service.js';
import { approvalOf } from './approval.js';
import { changesOf } from './change.js';
import { connectingOf } from './connecting.js';
import { connectionViewsOf, shownSyncNow } from './connection-view.js';
import { connectorsOf } from './connectors.js';
import { contactView } from './contact-view.js';
import { type HostOptions, type Inner, innerOf, storeOf } from './inner.js';
import { decisionsPage } from './pages.js';
import { type Previews, previews } from './previews.js';
import { contactsInReview, reviewOf } from './review.js';
import { type SignIns, signIns } from './sign-ins.js';
import type { Host, HostBook, HostEvent, RunDetail } from './types.js';
import { groupsOf, listedOf, runView } from './views.js';
import { waitingOf } from './waiting.js';

/** What a running service offers to people. It is closed before the service ends, or with it. */
export function startHost(service: Service, options: HostOptions): Host {
  const listeners = new Set<(event: HostEvent) => void>();
  const kept = { previews: previews(), signIns: signIns() };

  function tell(event: HostEvent): void {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch {
        // A page that went away must not end a run. Whoever listens sees to their own errors.
      }
    }
  }

  const unwatch = service.watch({
    changed: (about) => tell({ type: 'connection', ...about }),
    progress: (about) => tell({ type: 'progress', ...about }),
    ran({ book, run: { id, kind, source, outcome } }) {
      if (kind === 'forget') kept.previews.drop(book);
      tell({ type: 'run', book, source, run: id, kind, outcome });
    },
  });
  const books = service.books.map((book) => hostBook(service, book, options, kept, tell));

  return {
    books,
    book(name) {
      const book = books.find((one) => one.name === name);
      if (book !== undefined) return book;
      throw new ContactSyncError('not_found', `No book is called "${name.slice(0, 64)}" here.`, {
        hint: 'Choose one of the list.',
      });
    },
    problems: () => service.problems(),
    subscribe(listener) {
      const own = (event: HostEvent) => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    finishSignIn: kept.signIns.finish,
    async close() {
      unwatch();
      listeners.clear();
      await Promise.all([kept.previews.close(), kept.signIns.close()]);
    },
  };
}

function hostBook(
  service: Service,
  book: ServedBook,
  options: HostOptions,
  kept: { readonly previews: Previews; readonly signIns: SignIns },
  tell: Inner['tell'],
): HostBook {
  const inner = innerOf(service, book, options, tell);
  const waiting = waitingOf(inner);
  const views = connectionViewsOf(inner);
  const { change, ...connects } = connectingOf(inner, kept.signIns);
  return {
    name: book.name,
    store: () => storeOf(inner),
    contact: (id) => contactView(inner, waiting, id),
    ...changesOf(inner),
    review: (query) => reviewOf(inner, waiting, query),
    inReview: (kind) => contactsInReview(inner, waiting, kind),
    run: (id) => runDetail(inner, id),
    async decisions(run, query) {
      return await decisionsPage((await storeOf(inner)).decisions(run), query);
    },
    ...views,
    syncNow: (source, actor) => shownSyncNow(service.resync(book.name, source, actor)),
    connectors: () => connectorsOf(inner),
    ...connects,
    async change(source, changes, actor) {
      await change(source, changes, actor);
      return await views.connection(source);
    },
    ...kept.signIns.of(inner),
    ...kept.previews.of(inner),
  };
}

async function runDetail(inner: Inner, id: string): Promise<RunDetail> {
  const store = await storeOf(inner);
  const run: Run = await store.run(id);
  const listed = new Map<Reason, number>();
  for await (const decision of store.decisions(id))
    for (const [reason, n] of listedOf([decision])) listed.set(reason, (listed.get(reason) ?? 0) + n);
  return {
    run: runView(run),
    groups: run.purged ? [] : groupsOf(run.counts, listed),
    ...(await approvalOf(store, run)),
  };
}
