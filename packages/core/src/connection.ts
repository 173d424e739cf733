import { z } from 'zod';

/** What a connection makes of its records: contacts kept equal to the source, or contacts made once and left alone. */
export const connectionKinds = ['contact-sync', 'external'] as const;
export type ConnectionKind = (typeof connectionKinds)[number];

/** A paused connection is still connected: it is not synced, and its contacts are not free for another source. */
export const connectionStates = ['connected', 'paused', 'disconnected'] as const;
export type ConnectionState = (typeof connectionStates)[number];

/** What a book knows of a source that it is, or was, connected to. */
export type Connection = { readonly source: string; readonly kind: ConnectionKind; readonly state: ConnectionState };

/** What a plan does to a connection. Null before: the book had never heard of it. */
export type ConnectionChange = { readonly before: Connection | null; readonly after: Connection | null };

export const connectionSchema = z.strictObject({
  source: z.string(),
  kind: z.enum(connectionKinds),
  state: z.enum(connectionStates),
}) satisfies z.ZodType<Connection>;

export const connectionChangeSchema = z.strictObject({
  before: connectionSchema.nullable(),
  after: connectionSchema.nullable(),
}) satisfies z.ZodType<ConnectionChange>;

export function sameConnection(a: Connection | null, b: Connection | null): boolean {
  return a === null || b === null ? a === b : a.source === b.source && a.kind === b.kind && a.state === b.state;
}
