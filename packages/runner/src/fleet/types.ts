import type { AlertSettings } from '../alerts/alerts.js';
import type { SinkSettings } from '../alerts/sinks.js';
import type { Listen } from '../serve/http.js';
import type { LogLevel } from '../serve/log.js';
import type { BookToServe } from '../serve/types.js';

/** What of a book's service is said in a configuration. */
export type BookSettings = Pick<BookToServe, 'policy' | 'keepDays' | 'schedule'>;

/** The books of a fleet, and who asks. */
export type FleetPlace = {
  /** `postgres://…`: all books of the database are the fleet. */
  readonly url: string;
  readonly actor: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
};

export type WorkerOptions = FleetPlace & {
  /** How many connections this worker syncs at once. */
  readonly atOnce: number;
  /** Null: answers nobody. */
  readonly listen: Listen | null;
  readonly settingsOf: (book: string) => BookSettings;
  readonly alertsTo: readonly SinkSettings[];
  readonly alerts?: Partial<AlertSettings> | undefined;
  readonly logLevel?: LogLevel | undefined;
  readonly logPersonalData?: boolean | undefined;
  /** Takes the lines of the log. */
  readonly write: (line: string) => void;
};

/** What `@contact-sync/fleet` exports as `startWorker`. Resolves when the worker has ended. */
export type StartWorker = (options: WorkerOptions) => Promise<void>;

/** Which connections an order is for. */
export type Selection = {
  /** Null: of every book. */
  readonly book: string | null;
  /** A source, or the beginning of one: `xpm:`. Null: every one. */
  readonly source: string | null;
  /** The code of the error that stopped it. Null: whatever it was. */
  readonly code: string | null;
  /** Part of the name of the book or of the source, in small or capital letters as far as the database's locale knows them. */
  readonly text?: string | undefined;
  readonly state?: FirmStatus['state'] | undefined;
  /** Only those that are behind schedule. */
  readonly behind?: boolean | undefined;
  /** None but these. */
  readonly firms?: readonly FirmName[] | undefined;
};

/** A connection among those of all books. */
export type FirmName = { readonly book: string; readonly source: string };

/** How a connection stands in the fleet. Times are ISO 8601 in UTC. */
export type FirmStatus = FirmName & {
  /** `held`: it failed, and a person has to see to it; it is still tried, ever more seldom. */
  readonly state: 'well' | 'new' | 'retrying' | 'waiting' | 'held' | 'paused';
  readonly schedule: string;
  readonly size: 'small' | 'large';
  readonly running: boolean;
  readonly runningSince: string | null;
  readonly worker: string | null;
  readonly lastAt: string | null;
  readonly lastGoodAt: string | null;
  readonly code: string | null;
  readonly failures: number;
  readonly nextAt: string | null;
  readonly behindSeconds: number;
  readonly rows: number | null;
  readonly milliseconds: number | null;
};

export type FleetStatus = {
  readonly at: string;
  readonly connections: number;
  readonly books: number;
  readonly states: Readonly<Record<FirmStatus['state'], number>>;
  readonly running: number;
  /** Due for more than ten minutes. */
  readonly behind: number;
  /** Since the last good sync, in seconds; of those that are not paused. Null: there was none. */
  readonly oldestGoodSeconds: number | null;
  readonly codes: readonly { readonly code: string; readonly connections: number }[];
  readonly workers: readonly {
    readonly name: string;
    readonly running: number;
    readonly heardAt: string;
  }[];
  readonly firms: readonly FirmStatus[];
};

/** Part of a long list of connections, the worst first. `next` is `after` of the next part; null: there is none. */
export type Firms = {
  readonly at: string;
  readonly firms: readonly FirmStatus[];
  readonly next: string | null;
};

/** How many connections are selected, of how many books, and how many of them are paused or disconnected. */
export type Count = { readonly connections: number; readonly books: number; readonly paused: number };

export type Ordered = { readonly connections: readonly FirmName[] };

export type OrderKind = 'pause' | 'resume' | 'retry';

/** Who orders something, for the history, and for which part of the selected connections, by their names. */
export type Order = {
  readonly actor: string;
  readonly why: string | null;
  readonly after: FirmName | null;
  readonly limit: number;
};

/** What a part of an order did: those that changed, as they stand now. `next`: where the next part begins; null: nowhere. */
export type OrderedPart = { readonly firms: readonly FirmStatus[]; readonly next: FirmName | null };

/** What `@contact-sync/fleet` exports as `openFleet`. */
export type OpenFleet = (place: FleetPlace) => Promise<Fleet>;

export type Fleet = {
  /** `firms`: those that are selected, the worst first, and no more than `limit`. */
  status(query: Selection & { readonly limit: number }): Promise<FleetStatus>;
  /** The selected connections, the worst first, part by part. @throws ContactSyncError `usage`: `after` is none of ours */
  firms(query: Selection & { readonly limit: number; readonly after: string | null }): Promise<Firms>;
  count(selection: Selection): Promise<Count>;
  /** The syncs that run now and those that took longest, by the last run of each. */
  top(limit: number): Promise<{ readonly at: string; readonly firms: readonly FirmStatus[] }>;
  pause(selection: Selection, why: string | null): Promise<Ordered>;
  resume(selection: Selection, why: string | null): Promise<Ordered>;
  /** Has them synced now, and releases those that are held. */
  retry(selection: Selection): Promise<Ordered>;
  /** The same for many connections, part by part, for whoever cannot wait for all of them. */
  order(kind: OrderKind, selection: Selection, order: Order): Promise<OrderedPart>;
  /** Everything of a book, line by line. `withKey`: with what opens its secrets, and those of no other book. */
  exportBook(book: string, options: { readonly withKey: boolean }): AsyncIterable<string>;
  /** @throws ContactSyncError `import_invalid`; `setting_invalid` where the book is there already */
  importBook(
    lines: AsyncIterable<string>,
    as: string | null,
  ): Promise<{ readonly book: string; readonly rows: number }>;
  /** Removes a book whole: contacts, history, connections and secrets. */
  eraseBook(book: string): Promise<{ readonly rows: number }>;
  close(): Promise<void>;
};
