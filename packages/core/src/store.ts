import type { Contact } from './contact.js';
import type { Fingerprint } from './fingerprint.js';
import type { Block, Counts, Decision, Plan, PlanKind } from './plan.js';

/** Where a book stands. */
export type Head = {
  /** Rises with every plan that changes a contact, and only then. */
  readonly version: number;
  /** The next ids of contacts, rising. An id is used up once a plan with it is applied, and is then never used again. */
  readonly newId: () => string;
  /** The sources that contacts of type `contact-sync` are linked to. */
  readonly sources: readonly string[];
};

/** Contacts by any of these; each contact once. */
export type ContactQuery = {
  readonly ids?: readonly string[];
  /** Of any record type. */
  readonly links?: { readonly source: string; readonly externalIds: readonly string[] };
  readonly nameEmailKeys?: readonly string[];
};

/** What people look for. Results are in the order of folded name, folded email, id. */
export type SearchQuery = {
  /** Part of a name or email, in any case; part of a phone; or the whole id or external id. */
  readonly text?: string;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string;
};

export type RunOutcome = 'applied' | 'unchanged' | 'blocked' | 'failed';

/** A line of the book's history. */
export type Run = {
  readonly id: string;
  readonly kind: PlanKind;
  readonly source: string | null;
  readonly actor: string;
  readonly why: string | null;
  readonly at: string;
  readonly outcome: RunOutcome;
  /** The book's version after the run. */
  readonly version: number;
  /** `planHash` of what was applied, or would have been. */
  readonly hash: string;
  readonly counts: Counts;
  readonly blocked: readonly Block[];
  /** Of a failed run. */
  readonly error: { readonly code: string; readonly message: string } | null;
};

export type Unapplied =
  | { readonly outcome: 'blocked' }
  | { readonly outcome: 'failed'; readonly error: { readonly code: string; readonly message: string } };

/**
 * One contact book. Everything that writes is `apply` and `record`; both are one transaction. Strings are kept code
 * point by code point. Between two calls other processes may write: the version tells.
 */
export interface ContactStore {
  head(): Promise<Head>;
  /**
   * External id → fingerprint, of every contact that is not external and is linked to the source. At most one contact has a link.
   */
  links(source: string): Promise<Map<string, Fingerprint | null>>;
  find(query: ContactQuery): Promise<Contact[]>;
  search(query: SearchQuery): Promise<{ contacts: Contact[]; next: string | null }>;
  /**
   * All of the plan or nothing, with its line in the history. Fails with `store_conflict` when the book's version is not
   * `plan.base`, and with `plan_invalid` when a decision does not fit the book or would give a link to two contacts.
   * A plan that changes nothing leaves the version as it is.
   */
  apply(plan: Plan): Promise<Run>;
  /** Writes the history line of a plan that was not applied. Contacts and version stay as they are. */
  record(plan: Plan, unapplied: Unapplied): Promise<Run>;
  /** Newest first. */
  runs(query: { readonly limit: number; readonly after?: string }): Promise<{ runs: Run[]; next: string | null }>;
  /** The decisions of a run in the plan's order; fails with `not_found`. */
  decisions(runId: string): AsyncIterable<Decision>;
  close(): Promise<void>;
}
