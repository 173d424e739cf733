import type { Connection, ConnectionChange } from './connection.js';
import type { Contact, RecordType } from './contact.js';
import type { Fingerprint } from './fingerprint.js';
import type { Block, Counts, Decision, Plan, PlanKind, Signature } from './plan.js';

/** Where a book stands. */
export type Head = {
  /** Rises with every plan that changes a contact or a connection, and only then. */
  readonly version: number;
  /** The next ids of contacts, rising. An id is used up once a plan with it is applied, and is then never used again. */
  readonly newId: () => string;
  /** The sources that the book is or was connected to. */
  readonly connections: readonly Connection[];
};

/** Contacts by any of these; each contact once. */
export type ContactQuery = {
  readonly ids?: readonly string[];
  /** Of any record type. */
  readonly links?: { readonly source: string; readonly externalIds: readonly string[] };
  readonly nameEmailKeys?: readonly string[];
};

/** What people look for: contacts that all of this fits. */
export type SearchFilter = {
  /** Part of a name or email, in any case; part of a phone; or the whole id or external id. */
  readonly text?: string | undefined;
  readonly recordType?: RecordType | undefined;
  /** Linked to a record of this source. */
  readonly source?: string | undefined;
  readonly forcedManual?: boolean | undefined;
  /** Whether complete reads do not contain the linked record. */
  readonly missing?: boolean | undefined;
  /** None but these; they may be thousands. */
  readonly ids?: readonly string[] | undefined;
};

/** Results are in the order of folded name, folded email, id. */
export type SearchQuery = SearchFilter & {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
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
  /** The version the plan was made for. */
  readonly base: number;
  /** The book's version after the run. */
  readonly version: number;
  /** `planHash` of what was applied, or would have been. */
  readonly hash: string;
  readonly connections: readonly ConnectionChange[];
  /** The blocked run whose plan a person approved with this one. */
  readonly approves: string | null;
  /** Its decisions were deleted, since they were older than the book keeps them. */
  readonly purged: boolean;
  readonly counts: Counts;
  readonly blocked: readonly Block[];
  /** Of a failed run. */
  readonly error: { readonly code: string; readonly message: string } | null;
};

/** A decision about a contact, and the run it belongs to. */
export type HistoryEntry = { readonly run: Run; readonly decision: Decision };

/** A person's word for a plan that a guard had stopped: exactly that of the run, by its hash. */
export type Approval = Signature & { readonly run: string };

export type Unapplied =
  | { readonly outcome: 'blocked' }
  | { readonly outcome: 'failed'; readonly error: { readonly code: string; readonly message: string } };

/**
 * What a store keeps of the last sync of a source, beside the book, so that the next one need not read what did not
 * change. The store does not look inside of the chunks; see known/.
 */
export type KeptRows = {
  /** Rises when chunks are written or dropped. 0: there never were any. */
  readonly generation: number;
  /** Eight random bytes or more, which nobody else knows: those the chunks were written with, or new ones where there are none. */
  readonly seed: Uint8Array;
  /** In the order in which they were written. */
  readonly chunks: readonly Uint8Array[];
  /** External ids of contacts that were linked to the source before or after some change since the chunks were written. */
  readonly touched: readonly string[];
};

/** What a sync wants to have kept, instead of all chunks or after them. With it, nothing is touched any more. */
export type RowsToKeep = {
  readonly source: string;
  /** That of the chunks it was made from. */
  readonly generation: number;
  readonly seed: Uint8Array;
  readonly instead: boolean;
  readonly chunks: readonly Uint8Array[];
};

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
  /** How many contacts a search finds on all its pages. */
  count(filter: SearchFilter): Promise<number>;
  /**
   * All of the plan or nothing, with its line in the history. Fails with `store_conflict` when the book's version is not
   * `plan.base`, and with `plan_invalid` when a decision does not fit the book or would give a link to two contacts.
   * A plan that changes nothing leaves the version as it is.
   *
   * With an approval the line in the history is signed by who approved. Refused with `plan_invalid` unless the run is
   * blocked, was not approved before, and has this plan's hash.
   *
   * `rows` is kept in the same transaction, unless the generation is another by now. Whatever is changed of contacts
   * that are linked to other sources, or without `rows`, is noted as touched, or all chunks of the source are dropped:
   * so they are where a connection to it is changed.
   */
  apply(plan: Plan, approval?: Approval, rows?: RowsToKeep): Promise<Run>;
  /** Writes the history line of a plan that was not applied. Contacts and version stay as they are. */
  record(plan: Plan, unapplied: Unapplied): Promise<Run>;
  /** Fails with `not_found`. */
  run(id: string): Promise<Run>;
  /** Newest first. */
  runs(query: { readonly limit: number; readonly after?: string }): Promise<{ runs: Run[]; next: string | null }>;
  /**
   * What plans did to a contact, or would have done, or held of it: every decision with it as `before` or `after`, of all
   * runs that still have their decisions, the newest run first and then in the plan's order. Nothing of a contact that
   * was forgotten, or that never was.
   */
  history(
    contactId: string,
    query: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<{ entries: HistoryEntry[]; next: string | null }>;
  /** The decisions of a run in the plan's order; fails with `not_found`. */
  decisions(runId: string): AsyncIterable<Decision>;
  /**
   * What is kept of the rows of a source, all of one moment. Chunks of the generation `known` are left out. A store may do
   * without this: everything that a source has is then read and looked at each time.
   */
  rows?(source: string, known?: number): Promise<KeptRows>;
  /** `linkHash` of the links of people of the source who were forgotten. */
  forgotten(source: string): Promise<ReadonlySet<string>>;
  /**
   * Removes a person: the contact, and every decision of the history about it or its record. What stays is a line that
   * somebody was forgotten, and a hash of the link, so that the next sync does not make the person again. Cannot be
   * undone. A contact that left the book, by undo, is forgotten as the history last knew it, but for a link that
   * another contact has now. All chunks of kept rows are dropped, and what was noted as touched. Fails with `not_found` if
   * neither knows it.
   */
  forget(contactId: string, signature: Signature): Promise<Run>;
  /** Deletes the decisions of runs before a moment, ISO 8601 in UTC, and marks the runs. How many it were. */
  purge(before: string): Promise<number>;
  close(): Promise<void>;
}
