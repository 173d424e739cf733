import type { Mix } from './data/mix.ts';

/** How the records come: as lines that are handed over unread, as lines that are decoded, or as XML. */
export const formats = ['lines', 'records', 'xml'] as const;
export type Format = (typeof formats)[number];

/**
 * Where the contacts are before and after: a file, or the URL of a database. Every run has a fresh copy. Those of
 * contact-sync have kept what the sync before left, which was in the same format.
 */
export type BookKind =
  | `store-sqlite-${Format}`
  | `store-postgres-${Format}`
  | 'plain-sqlite'
  | 'plain-postgres'
  | 'duckdb'
  | 'parquet';

/** Of a file, and not of a database of PostgreSQL. */
export function isFile(kind: BookKind): boolean {
  return !kind.includes('postgres');
}

export type Task = {
  readonly mix: Mix;
  readonly size: number;
  /** The records, as JSON lines. */
  readonly input: string;
  /** The same people as an answer of Xero Practice Manager. */
  readonly xml: string;
  /** The arm's own copy of the book; its kind is that of the arm. Empty where it has none. */
  readonly book: string;
  /** What a sync changed in a book of this kind, see changes-*.ts; empty unless the arm asks for it. */
  readonly changes: string;
  /** Of this run alone, for what has to be written on the way. */
  readonly folder: string;
};

/** What was decided, by reason; reasons that nothing had are left out. */
export type Counts = Readonly<Record<string, number>>;

export type Done = {
  /** Null where the arm decides nothing, since it only shows how fast something could be. */
  readonly counts: Counts | null;
  /** Milliseconds of steps, where they are of interest. */
  readonly parts?: Readonly<Record<string, number>>;
};

/** One way to do the work, or a part of it that no way can do without. */
export type Arm = {
  readonly name: string;
  /** What it is, in a table. */
  readonly title: string;
  /** What its time includes, as a sentence: figures that include different things are not compared silently. */
  readonly includes: string;
  readonly book: BookKind | null;
  /** Which forms of the records it reads. */
  readonly inputs: readonly Format[];
  /** The kind of book whose changes it needs. */
  readonly changes?: 'store-sqlite-lines' | 'store-postgres-lines';
  /** Gets ready, untimed, and gives the timed part. */
  start(task: Task): Promise<() => Promise<Done>>;
  /** A digest of the contacts of the book afterwards; null where the arm has no result. */
  digest: ((task: Task) => Promise<string>) | null;
};
