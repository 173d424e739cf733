import type { ContactSource, RawRecord } from '../source.js';
import type { LastingFault, PassingFault } from './source-faults.js';

/**
 * What the fake can be told to do; source-faults.ts says of each what it is. Those that end in `once` are for the next
 * request only; all others stay until they are ended. In addition:
 * - `hang`: nothing, ever, until the request is given up.
 * - `stall`: the first bytes of an answer, and then nothing, until the request is given up.
 */
export type SourceFault = LastingFault | PassingFault | 'hang' | 'stall';

/** What else a system may be unable to do. `others`, `personal`: see `SourceWorld`. `insert`, `remove`: see `OpenedSource`. */
export type SourceAbility = 'others' | 'personal' | 'insert' | 'remove';

/** What a fake system holds for one check. */
export type SourceWorld = {
  /** People to serve with these very values. Null: the system has no value there, however it says so. */
  readonly records: readonly RawRecord[];
  /** How many rows more to serve that the connector leaves out or cannot read: deleted ones, damaged ones. Their name is `Left Out`. */
  readonly others: number;
  /** The token or password to sign in with. A fake that repeats it in its error answers makes a better test. */
  readonly secret: string;
  /** What the system knows of every row and no connector may hand over: to be served in fields for just that. */
  readonly personal: { readonly born: string; readonly taxNumber: string };
};

export type OpenedSource = {
  readonly source: ContactSource;
  /** Rows on the wire of one whole read: the records, the others, and whatever the fake wraps around them. */
  readonly rows: number;
  /** Requests that have reached the fake so far. For a file: how often it was opened. */
  requests(): number;
  /** Orders a fault from now on; null ends it. */
  fault(fault: SourceFault | null): void;
  /** Adds people, where the system would: in the order of a list, the earlier the better. */
  insert?(records: readonly RawRecord[]): void;
  /** Takes a person away, by the id of the record that the check asked for. */
  remove?(externalId: string): void;
  /** The id under which the fake serves a record of the world, for systems that do not take the world's own. */
  idOf?(externalId: string): string;
  close?(): Promise<void>;
};

/** What a connector's author writes to run the kit: the connector, set up to read from a fake of its system. */
export type SourceHarness = {
  /** A new source over a new fake. Retries must not wait: give the connector a `wait` that returns at once. */
  open(world: SourceWorld): Promise<OpenedSource>;
  /** Rows of a page: of one request, or of one page handed over where everything comes in one request. Small is fast. */
  readonly pageSize: number;
  /** What cannot happen to this system, and why: `{ expired: 'its keys do not expire' }`. Shown, never hidden. */
  readonly cannot?: { readonly [what in SourceFault | SourceAbility]?: string };
  /** Waits some milliseconds, or rejects once the signal is aborted: core has no clock of its own. */
  wait(ms: number, signal: AbortSignal): Promise<unknown>;
  /** How long one step of a read may take at most, in milliseconds; 2000 unless said. */
  readonly patienceMs?: number;
};

/** `passed`, or the reason from `cannot` why the check does not apply. A check that fails throws. */
export type SourceOutcome = 'passed' | { readonly cannot: string };

export type SourceCase = {
  /** Stable, for people to talk about: `reads_one`. */
  readonly id: string;
  /** What a connector must do, as a clause. */
  readonly name: string;
  run(harness: SourceHarness): Promise<SourceOutcome>;
};
