import type {
  Block,
  ConnectionChange,
  ConnectionKind,
  ConnectionState,
  Contact,
  ContactStore,
  Counts,
  Decision,
  Details,
  Difference,
  Link,
  PlanKind,
  Run,
} from '@contact-sync/core';
import type { Resync } from '../serve/due.js';
import type { SyncProgress } from '../serve/types.js';

/*
 * What a host offers to people: a page, or a product that has contact-sync inside. Plain data and functions on the books
 * of a running service. Times are ISO 8601 in UTC. Everything that fails fails with a ContactSyncError.
 */

/** Who changes something, as the history names them, and their note for it. */
export type Signed = { readonly actor: string; readonly why: string | null };

/** `after`: the `next` of the page before. */
export type PageQuery = { readonly limit: number; readonly after?: string | undefined };

/** An error as it may be shown: of what is behind it nothing. */
export type ShownError = { readonly code: string; readonly message: string; readonly hint: string };

export type DecisionView = Decision & {
  readonly sentence: string;
  readonly hint: string | null;
  readonly action: string;
  readonly difference: readonly Difference[];
};

export type RunView = Run & {
  /** Null: it can be undone. Else the sentence that says why not. */
  readonly notUndoable: string | null;
};

/** The decisions of a plan or a run that have the same reason, in the order of the list of reasons. */
export type Group = {
  readonly reason: string;
  readonly action: string;
  readonly sentence: string;
  readonly hint: string | null;
  /** How many decisions with this reason the plan lists; where 0, they are only counted. */
  readonly listed: number;
  readonly counted: number;
};

export type RunDetail = {
  readonly run: RunView;
  /** Empty where the decisions are not kept any more. */
  readonly groups: readonly Group[];
  /** Null: a guard stopped it, and its plan still fits the book. Else the sentence that says why it cannot be approved. */
  readonly notApprovable: string | null;
  /** The run that approved the plan of this one. */
  readonly approvedBy: string | null;
};

export type PlanView = {
  readonly hash: string;
  readonly kind: PlanKind;
  readonly source: string | null;
  readonly at: string;
  readonly base: number;
  readonly counts: Counts;
  readonly blocked: readonly Block[];
  readonly connections: readonly ConnectionChange[];
  /** False: applying it would do nothing. */
  readonly changesBook: boolean;
  readonly groups: readonly Group[];
};

export type Decisions = { readonly decisions: readonly DecisionView[]; readonly next: string | null };

/** What a change did. `contact`: the one it was about, as it is now. */
export type Done = { readonly run: RunView; readonly contact: Contact | null };

export const contactActions = ['edit', 'force-manual', 'release', 'link', 'forget'] as const;
export type ContactAction = (typeof contactActions)[number];

export type ContactView = {
  readonly contact: Contact;
  /** Where it comes from; null for one that no source is linked to. */
  readonly origin: {
    readonly source: string;
    readonly externalId: string;
    readonly state: ConnectionState | null;
    /** As a person calls the system. */
    readonly connector: string;
    /** The record's page in the system itself, where the system has one. */
    readonly url: string | null;
  } | null;
  /** What can be done with it now, and of the rest why not. */
  readonly actions: Readonly<Record<ContactAction, { readonly allowed: boolean; readonly why: string | null }>>;
  /** What the last finished run saw, where the source says something else than the contact. */
  readonly says: { readonly details: Details; readonly at: string; readonly run: string } | null;
  /** Records of this contact that wait for a person. */
  readonly open: readonly { readonly run: string; readonly decision: DecisionView }[];
};

export type ReviewQuery = PageQuery & {
  readonly kind?: 'held' | 'rejected' | undefined;
  readonly source?: string | undefined;
};

export type ReviewItem = {
  readonly run: string;
  readonly source: string | null;
  readonly at: string;
  readonly decision: DecisionView;
  /** Contacts it may be about. */
  readonly candidates: readonly Contact[];
  /** What can be done here; for everything else the hint says where. */
  readonly actions: readonly ('approve' | 'link')[];
};

export type Review = {
  readonly items: readonly ReviewItem[];
  readonly next: string | null;
  /** Of all that wait, whatever was asked for. */
  readonly counts: { readonly held: number; readonly rejected: number };
};

/** Whether a person may have a connection synced now, and if not, why and from when on. */
export type SyncNow = {
  readonly allowed: boolean;
  readonly why: Extract<Resync, { started: false }>['why'] | null;
  readonly possibleAt: string | null;
};

export type ConnectionView = {
  readonly source: string;
  readonly connector: string;
  /** As a person calls the system. */
  readonly title: string;
  /** Null: never synced, and nothing was said. */
  readonly kind: ConnectionKind | null;
  /** Null: stored, and never synced. */
  readonly state: ConnectionState | null;
  /** Whether it is stored how to read it: without that it is only remembered. */
  readonly stored: boolean;
  readonly schedule: string | null;
  readonly running: boolean;
  readonly progress: SyncProgress | null;
  readonly nextAt: string | null;
  readonly lastAt: string | null;
  readonly lastGoodAt: string | null;
  readonly lastRun: RunView | null;
  readonly requestsLeft: Readonly<Record<string, number>> | null;
  /** Code of what is wrong → since when. */
  readonly incidents: Readonly<Record<string, string>>;
  readonly signIn: { readonly grantedAt: string; readonly renewedAt: string; readonly endsAt: string | null } | null;
  /** Without the secrets. */
  readonly settings: Readonly<Record<string, string>>;
  readonly policy: Readonly<Record<string, string>>;
  readonly contacts: number;
  readonly syncNow: SyncNow;
};

export type ConnectorView = {
  /** To `connect` with. */
  readonly name: string;
  readonly title: string;
  /** Null: keys are all there is. */
  readonly signIn: { readonly clientSecretNeeded: boolean; readonly clientKnown: boolean } | null;
  /** What a person gives as text, without the secrets. */
  readonly settings: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly description: string | null;
  }[];
  /** `known`: the service has it already, from its environment. */
  readonly secrets: readonly { readonly name: string; readonly known: boolean }[];
};

type Texts = Readonly<Record<string, string>>;

/** An app to sign in with. */
export type Client = { readonly id: string; readonly secret: string | null };

export type Connecting = {
  readonly connector: string;
  readonly settings: Texts;
  readonly policy: Texts;
  readonly kind: ConnectionKind | null;
  readonly schedule: string | null;
  /** As typed. What is not typed is taken from the environment of the service. */
  readonly secrets: Texts;
  /** Null: the one in the environment of the service. */
  readonly client: Client | null;
  /** Whether a person signs in, rather than give keys. */
  readonly signIn: boolean;
};

export type Reconnecting = { readonly secrets: Texts; readonly client: Client | null };

/** Where the vendor sends a person back to: the address of the page that is registered with it. */
export type SignInPlace = { readonly redirectUri: string };

export type Joined = { readonly source: string; readonly title: string | null; readonly replaced: boolean };

/** Either it is connected, or a person has to sign in first, at `url`. */
export type ConnectedView = {
  readonly connected: readonly Joined[];
  readonly signIn: { readonly id: string; readonly url: string } | null;
};

export type SignInView = {
  readonly id: string;
  readonly connector: string;
  readonly state: 'waiting' | 'checking' | 'choose' | 'done' | 'failed';
  /** In the state `choose`. */
  readonly tenants: readonly { readonly id: string; readonly title: string | null }[];
  readonly connected: readonly Joined[];
  readonly error: ShownError | null;
};

export type ConnectionChanges = {
  /** Null: as it was. */
  readonly schedule: string | null;
  readonly settings: Texts;
  readonly policy: Texts;
  /** Settings and policies to take away. */
  readonly unset: readonly string[];
  readonly secrets: Texts;
};

/** What to look at before it is done. */
export type PreviewOf =
  | { readonly kind: 'sync' | 'disconnect'; readonly source: string }
  | { readonly kind: 'undo' | 'approve'; readonly run: string };

export type PreviewView = {
  readonly id: string;
  readonly about: PreviewOf;
  readonly state: 'reading' | 'ready' | 'failed' | 'applied';
  readonly progress: SyncProgress | null;
  readonly plan: PlanView | null;
  /** The run that applied it. */
  readonly run: string | null;
  readonly error: ShownError | null;
};

/** What happened, for whoever shows it live. `source`, `book`: read it again. */
export type HostEvent =
  | { readonly type: 'connection'; readonly book: string; readonly source: string }
  | { readonly type: 'progress'; readonly book: string; readonly source: string; readonly progress: SyncProgress }
  | {
      readonly type: 'run';
      readonly book: string;
      readonly source: string | null;
      readonly run: string;
      readonly kind: Run['kind'];
      readonly outcome: Run['outcome'];
    }
  | {
      readonly type: 'preview';
      readonly book: string;
      readonly id: string;
      readonly state: PreviewView['state'];
      readonly progress: SyncProgress | null;
    };

/** A book of the service. Whoever reads contacts and runs as they are uses `store`. */
export type HostBook = {
  /** As it is called. */
  readonly name: string;
  /** The open book: to read from. What writes is below, so that everybody hears of it. */
  store(): Promise<HostStore>;

  contact(id: string): Promise<ContactView>;
  add(details: Details, signed: Signed): Promise<Done>;
  edit(id: string, changes: Partial<Details>, signed: Signed): Promise<Done>;
  forceManual(id: string, signed: Signed): Promise<Done>;
  release(id: string, signed: Signed): Promise<Done>;
  link(id: string, link: Link, signed: Signed): Promise<Done>;
  forget(id: string, signed: Signed): Promise<Done>;

  review(query: ReviewQuery): Promise<Review>;
  /** The ids of contacts about which records wait; to search with. */
  inReview(kind: 'held' | 'rejected'): Promise<readonly string[]>;
  approveHeld(run: string, externalId: string, signed: Signed): Promise<Done>;

  run(id: string): Promise<RunDetail>;
  /** Of a run, in the plan's order. */
  decisions(run: string, query: PageQuery & { readonly reason?: string | undefined }): Promise<Decisions>;

  connections(): Promise<readonly ConnectionView[]>;
  connection(source: string): Promise<ConnectionView>;
  /** Has it synced now, if it may be. `actor`: who asked, for the history. */
  syncNow(source: string, actor?: string): SyncNow;
  pause(source: string, signed: Signed): Promise<Done>;
  resume(source: string, signed: Signed): Promise<Done>;
  connectors(): Promise<readonly ConnectorView[]>;
  connect(wanted: Connecting, actor: string, place: SignInPlace): Promise<ConnectedView>;
  reconnect(source: string, given: Reconnecting, actor: string, place: SignInPlace): Promise<ConnectedView>;
  change(source: string, changes: ConnectionChanges, actor: string): Promise<ConnectionView>;
  /** What is stored of a source that the book is not connected to. */
  removeStored(source: string, actor: string): Promise<void>;

  /** A sign-in that this person began. */
  signIn(id: string, actor: string): SignInView;
  chooseTenants(id: string, tenants: readonly string[], actor: string): Promise<SignInView>;

  preview(about: PreviewOf, actor: string): Promise<PreviewView>;
  previewed(id: string): PreviewView;
  previewDecisions(id: string, query: PageQuery & { readonly reason?: string | undefined }): Promise<Decisions>;
  /** Exactly the plan with this hash, by who made the preview. */
  applyPreview(id: string, hash: string, signed: Signed): Promise<Done>;
  /** A read that is under way ends. */
  dropPreview(id: string, actor: string): void;
};

/** What of a store does not write. */
export type HostStore = Omit<ContactStore, 'apply' | 'record' | 'forget' | 'purge' | 'close'>;

export type Host = {
  /** In the order of the configuration. */
  readonly books: readonly HostBook[];
  /** Fails with `not_found`. */
  book(name: string): HostBook;
  /** What is wrong with the service itself; nothing while it is well. */
  problems(): readonly string[];
  /** A listener that throws is not asked why. Gives the end of it. */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /**
   * The vendor's answer to a sign-in: the whole address to which a person was sent back. It belongs to the sign-in whose
   * state it carries; `actor`, who brings it, must be who began. Resolves at once: how it goes on is seen in `signIn`. Fails
   * with `not_found`.
   */
  finishSignIn(redirected: string, actor: string): { readonly book: string; readonly id: string };
  /** Ends what is under way for people: previews, sign-ins. The service goes on. */
  close(): Promise<void>;
};
