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

export type Page = {
  readonly records: readonly RawRecord[];
  readonly unreadable: readonly UnreadableRow[];
  /** Rows that a setting or the source's own marks left out, by filter: `{ archived: 3 }`. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Requests left of the vendor's limits, by window, for people to watch: `{ minute: 59, day: 4998 }`. */
  readonly requestsLeft?: Readonly<Record<string, number>> | undefined;
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
const counts = z.record(z.string(), z.int().min(0));

/** Strict on purpose: a connector that hands over a field nobody asked for hands over somebody's private data. */
export const pageSchema = z.strictObject({
  records: z.array(rawRecordSchema),
  unreadable: z.array(z.strictObject({ externalId: text, where: z.string(), problem: z.string() })),
  skipped: counts,
  requestsLeft: counts.optional(),
}) satisfies z.ZodType<Page>;

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
