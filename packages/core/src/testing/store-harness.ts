import type { ContactStore } from '../store.js';

/** What a store's author writes to run the kit. All three are needed, so that nothing about a store stays untried. */
export type StoreHarness = {
  /** A new, empty book. */
  open(): Promise<ContactStore>;
  /**
   * The book of a store once more, as another process would open it: a handle of its own, a connection of its own. Also
   * called with stores that are closed by then. Only where a book ends with its process may this give the same store.
   */
  again(store: ContactStore): Promise<ContactStore>;
  /** Another new, empty book, in the place where the book of the store is: the same file, the same database. */
  beside(store: ContactStore): Promise<ContactStore>;
};

export type StoreCase = {
  /** Stable, for people to talk about: `stale-plan`. */
  readonly id: string;
  /** What a store must do, as a sentence. */
  readonly name: string;
  /** Rejects, with what was expected and what came, if the store does not do it. */
  run(harness: StoreHarness): Promise<void>;
};
