import { z } from 'zod';

/** A row of the source as it says it: nothing trimmed, folded, split or mended. Core makes it canonical and judges it. */
export type RawRecord = {
  /** The source's own stable id. Blank where the row has none: core rejects such a row and reports it. */
  readonly externalId: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
};

/** A row that the connector itself cannot read. It is reported, and nothing is concluded from it. */
export type UnreadableRow = {
  /** Null if not even the id could be read; nobody is then called missing in this run. */
  readonly externalId: string | null;
  /** Where a person finds it: `line 12`, `client 5c0f…`. */
  readonly where: string;
  /** What is wrong with it, as a clause: `the contact has two names`. Never the row's content. */
  readonly problem: string;
};

/** What becomes of one row of the wire: exactly one of the three, so that counts add up. */
export type RowOutcome<Filter extends string = string> =
  | { readonly record: RawRecord }
  | { readonly unreadable: UnreadableRow }
  | { readonly skipped: Filter };

/**
 * Rows as the vendor sent them, still unread: a connector that can tell where a row begins and ends may hand these over
 * instead of records. A row whose bytes are those of the last sync is then never read, unless something about its contact
 * needs a look.
 */
export type RawRows = {
  readonly bytes: Uint8Array;
  /** Where each row begins and ends (exclusive) in `bytes`, one after the other: two numbers a row. */
  readonly bounds: Uint32Array;
  /** Whatever else decides what a row says: the version of the mapping, and each setting that it looks at. */
  readonly mapping: string;
  /**
   * Reads a row, by its place from 0 on. Pure: the same bytes say the same under the same `mapping`, whatever stands beside
   * them. Called before the next page is asked for, or not at all: a connector may use the same bytes for its next page,
   * and a large list should, for what it leaves behind is collected late.
   */
  read(row: number): RowOutcome;
};

export type Page = {
  readonly records: readonly RawRecord[];
  readonly unreadable: readonly UnreadableRow[];
  /** Rows that a setting or the source's own marks left out, by filter: `{ archived: 3 }`. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Requests left of the vendor's limits, by window, for people to watch: `{ minute: 59, day: 4998 }`. */
  readonly requestsLeft?: Readonly<Record<string, number>> | undefined;
  /** Further rows of the page, which come after `records`. */
  readonly raw?: RawRows | undefined;
};

/** What a read returns when it has handed over everything there is. */
export type Complete = {
  readonly complete: true;
  /** The tenant that answered, or null where the system does not tell. */
  readonly tenant: string | null;
};

/**
 * The whole interface of a connector. `read` throws, or it has yielded everything when it returns: that a record is
 * gone is only ever concluded from a complete read.
 */
export interface ContactSource {
  /** Connector and tenant, for example `xpm:8c0e…`; see `sourceName`. */
  readonly source: string;
  read(options: { readonly signal: AbortSignal }): AsyncGenerator<Page, Complete, void>;
}

const text = z.string().nullable();
export const rawRecordSchema = z.strictObject({ externalId: z.string(), name: text, email: text, phone: text });
const unreadableRowSchema = z.strictObject({ externalId: text, where: z.string(), problem: z.string() });
const counts = z.record(z.string(), z.int().min(0));

/** Strict on purpose: a connector that hands over a field nobody asked for hands over somebody's private data. */
export const pageSchema = z.strictObject({
  records: z.array(rawRecordSchema),
  unreadable: z.array(unreadableRowSchema),
  skipped: counts,
  requestsLeft: counts.optional(),
  raw: z.custom<RawRows>(isRawRows).optional(),
}) satisfies z.ZodType<Page>;

/** By hand, since it is called for every row that is read. As strict as `rawRecordSchema`. */
export function isRawRecord(value: unknown): value is RawRecord {
  if (value === null || typeof value !== 'object') return false;
  const { externalId, name, email, phone } = value as Record<string, unknown>;
  const isFilled = typeof externalId === 'string' && isText(name) && isText(email) && isText(phone);
  return isFilled && Object.keys(value).length === 4;
}

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

export const rowOutcomeSchema = z.union([
  z.strictObject({ record: rawRecordSchema }),
  z.strictObject({ unreadable: unreadableRowSchema }),
  z.strictObject({ skipped: z.string() }),
]) satisfies z.ZodType<RowOutcome>;

function isRawRows(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  const { bytes, bounds, mapping, read } = value as Record<string, unknown>;
  if (!(bytes instanceof Uint8Array && bounds instanceof Uint32Array)) return false;
  if (typeof mapping !== 'string' || typeof read !== 'function' || bounds.length % 2 !== 0) return false;
  for (let at = 0, end = 0; at < bounds.length; at += 1) {
    const next = bounds[at] ?? 0;
    if (next < end || next > bytes.length) return false;
    end = next;
  }
  return true;
}

/** For pages whose records were looked at with `isRawRecord`: the same, at a fraction of the time. */
export const lookedAtPageSchema = pageSchema.extend({ records: z.custom<readonly RawRecord[]>(Array.isArray) });

export const completeSchema = z.strictObject({
  complete: z.literal(true),
  tenant: z.string().nullable(),
}) satisfies z.ZodType<Complete>;

/** `xpm` and a tenant make `xpm:<tenant>`. */
export function sourceName(connector: string, tenant: string): string {
  return `${connector}:${tenant}`;
}

/** The tenant that a source was made for. */
export function tenantOf(source: string): string {
  return source.slice(source.indexOf(':') + 1);
}
