import type { Vault } from '@contact-sync/core';
import { z } from 'zod';
import { type AlertState, calm, incidents } from '../alerts/alerts.js';
import { type Pending, pendingSchema } from '../alerts/outbox.js';

/** What the service remembers of a connection beside its history, so that a restart repeats and forgets nothing. No secrets. */
export type Kept = {
  readonly alerts: AlertState;
  /** When a run that met a limit is taken up, ISO 8601 in UTC. */
  readonly resumeAt: string | null;
  readonly outbox: readonly Pending[];
};

export const nothingKept: Kept = { alerts: calm, resumeAt: null, outbox: [] };

const schema = z.strictObject({
  version: z.literal(1),
  alerts: z.strictObject({
    failures: z.int().min(0),
    open: z.partialRecord(z.enum(incidents), z.string()),
    guards: z.array(z.string()),
  }),
  resumeAt: z.string().nullable(),
  outbox: z.array(pendingSchema),
});

const keyOf = (book: string, source: string) => `serve:${JSON.stringify([book, source])}`;

export async function readKept(vault: Vault, book: string, source: string): Promise<Kept> {
  return parsed(await vault.read(keyOf(book, source)));
}

/** Changes it in one step; nothing is written where nothing changes. */
export async function changeKept(
  vault: Vault,
  book: string,
  source: string,
  change: (kept: Kept) => Kept,
): Promise<Kept> {
  const known = parsed(await vault.read(keyOf(book, source)));
  const wanted = change(known);
  // Most runs change nothing, and need no lock.
  if (JSON.stringify(wanted) === JSON.stringify(known)) return wanted;
  return await vault.locked(keyOf(book, source), async ({ value, save }) => {
    const before = parsed(value);
    const after = change(before);
    const text = JSON.stringify({ version: 1, ...after });
    if (text !== JSON.stringify({ version: 1, ...before })) await save(text);
    return after;
  });
}

/** Forgets the connections of a book that are not stored any more. */
export async function dropKept(vault: Vault, book: string, sources: ReadonlySet<string>): Promise<void> {
  for (const key of await vault.keys(`serve:${JSON.stringify([book]).slice(0, -1)},`)) {
    const [, source] = z.tuple([z.string(), z.string()]).parse(JSON.parse(key.slice('serve:'.length)));
    if (!sources.has(source)) await vault.locked(key, ({ save }) => save(null));
  }
}

/** One that another version wrote is as good as none: at worst an alert is repeated. */
function parsed(text: string | null): Kept {
  if (text === null) return nothingKept;
  const result = schema.safeParse(JSON.parse(text));
  if (!result.success) return nothingKept;
  const { version: _, ...kept } = result.data;
  return kept;
}
