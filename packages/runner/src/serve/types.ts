import type {
  ConnectionState,
  Connector,
  ContactStore,
  ContactSyncError,
  Plan,
  PolicyInput,
  Run,
  Vault,
  VaultClock,
} from '@contact-sync/core';
import type { AlertSettings, Incident } from '../alerts/alerts.js';
import type { Sink } from '../alerts/sinks.js';
import type { Place } from '../stores.js';
import type { ServeLog } from './log.js';

/** A book whose stored connections are synced. */
export type BookToServe = {
  /** As in `sqlite:contacts.db`. */
  readonly store: string;
  /** Which book of the store. */
  readonly book: string;
  /** What metrics, logs and alerts call it; the book's own name unless said. */
  readonly name?: string | undefined;
  /** Below what each connection says of its own. */
  readonly policy?: PolicyInput | undefined;
  readonly keepDays?: number | undefined;
  /** Of connections that have none of their own; hourly unless said. See `parseSchedule`. */
  readonly schedule?: string | undefined;
};

/** The service as plain data, however it was configured, and what tests put in place of the world. */
export type ServeOptions = {
  readonly books: readonly BookToServe[];
  /** Who runs it, for the history. */
  readonly actor: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Ends the service. */
  readonly signal: AbortSignal;
  readonly log: ServeLog;
  readonly sinks?: readonly Sink[] | undefined;
  readonly alerts?: Partial<AlertSettings> | undefined;
  /** How many connections are synced at once; 4 unless said. */
  readonly atOnce?: number | undefined;
  /** How often to look for connections that are new, changed or gone, in milliseconds; 15 s unless said. */
  readonly lookMs?: number | undefined;
  readonly clock?: VaultClock | undefined;
  readonly open?: ((place: Place) => Promise<OpenBook>) | undefined;
  readonly load?: ((name: string, cwd: string) => Promise<Connector>) | undefined;
  readonly watchers?: readonly Watcher[] | undefined;
};

export type OpenBook = {
  readonly store: ContactStore;
  /** Waits a while for a lock that another process has. */
  readonly vault: Vault;
  /** Waits for none. */
  readonly eager: Vault;
};

/** How a run of the service ended. */
export type Ended = {
  readonly book: string;
  readonly source: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly milliseconds: number;
  readonly requests: number;
  readonly requestsLeft: Readonly<Record<string, number>> | null;
} & (
  | { readonly outcome: 'applied' | 'unchanged' | 'blocked'; readonly plan: Plan; readonly run: Run }
  | { readonly outcome: 'failed'; readonly error: ContactSyncError }
);

/** Hears what the service does. */
export type Watcher = {
  readonly ended?: (ended: Ended) => void;
  readonly alerted?: (alert: { readonly book: string; readonly source: string; readonly kind: string }) => void;
  readonly sent?: (sending: { readonly sink: string; readonly ok: boolean }) => void;
  /** A connection is another than it was: a run began or ended, it is new, or gone. */
  readonly changed?: (connection: { readonly book: string; readonly source: string }) => void;
  readonly progress?: (now: {
    readonly book: string;
    readonly source: string;
    readonly progress: SyncProgress;
  }) => void;
  /** A run is new in the history of a book, whoever wrote it. */
  readonly ran?: (ran: { readonly book: string; readonly run: Run }) => void;
};

/** How far the read of a sync is. `requestsLeft`: of the vendor's limits, by window; null where it does not tell. */
export type SyncProgress = {
  /** Records read so far. */
  readonly rows: number;
  readonly pages: number;
  readonly requestsLeft: Readonly<Record<string, number>> | null;
};

/** How a connection stands. Times are ISO 8601 in UTC. */
export type ConnectionStatus = {
  readonly book: string;
  readonly source: string;
  /** Null: never synced. */
  readonly state: ConnectionState | null;
  readonly schedule: string;
  readonly running: boolean;
  /** Of the run that is under way, once it has read something. */
  readonly progress: SyncProgress | null;
  /** Null: not until somebody resumes it. */
  readonly nextAt: string | null;
  readonly lastAt: string | null;
  readonly lastGoodAt: string | null;
  readonly requestsLeft: Readonly<Record<string, number>> | null;
  /** When its sign-in was last renewed; null where it has none. */
  readonly renewedAt: string | null;
  readonly incidents: Readonly<Partial<Record<Incident, string>>>;
};
