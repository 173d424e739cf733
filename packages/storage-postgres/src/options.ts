import { ContactSyncError, type VaultClock } from '@contact-sync/core';
import type { Pool } from 'pg';
import { z } from 'zod';

const noNul = z
  .string()
  .min(1)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'it has a NUL or broken text');

function functionSchema<T>() {
  return z.custom<T>((value) => typeof value === 'function', 'it is no function');
}

const place = {
  url: z.string().min(1).optional(),
  pool: z
    .custom<Pool>((pool) => typeof pool === 'object' && pool !== null && 'connect' in pool, 'it is no Pool of pg')
    .optional(),
  book: noNul.default('default'),
  busyTimeoutMs: z.int().min(1).max(600_000).default(5000),
};

export const storeOptionsSchema = z.strictObject({ ...place, readOnly: z.boolean().default(false) });

export const vaultOptionsSchema = z.strictObject({
  ...place,
  readOnly: z.boolean().default(false),
  leaseMs: z.number().positive().default(60_000),
  waitMs: z.number().min(0).default(0),
  now: functionSchema<VaultClock['now']>().optional(),
  wait: functionSchema<VaultClock['wait']>().optional(),
});

/** Where the books are: one of the two is to be given. */
export type PlaceOptions = {
  /**
   * `postgresql://user:password@host:5432/database`. What is left out comes from the environment (`PGHOST`, `PGPASSWORD` and
   * so on). The store makes connections of its own, at most four, and ends them when it is closed.
   */
  readonly url?: string;
  /** Connections that the caller makes and ends. */
  readonly pool?: Pool;
  /** One database holds any number of books, kept apart by this name. `default` unless said. */
  readonly book?: string;
  /** How long to wait for another program that is writing to the same book, in milliseconds. 5000 unless said. */
  readonly busyTimeoutMs?: number;
};

/** Fails with `setting_invalid`. No value is shown: a URL holds a password. */
export function parseOptions<T extends { url?: string | undefined; pool?: Pool | undefined }>(
  schema: z.ZodType<T>,
  options: unknown,
): T {
  const parsed = schema.safeParse(options);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`The setting ${issue?.path.join('.') || 'options'} cannot be used: ${issue?.message}.`);
  }
  const { url, pool } = parsed.data;
  if ((url === undefined) === (pool === undefined))
    throw invalid('Either `url` or `pool` has to be set, and not both.');
  if (url !== undefined && !/^(postgres(ql)?|socket):\/\//.test(url))
    throw invalid('The setting url is not a URL of PostgreSQL.');
  return parsed.data;
}

export function invalid(message: string): ContactSyncError {
  return new ContactSyncError('setting_invalid', message, {
    hint: 'Give a `url` such as postgresql://user@host:5432/database and, if you like, a name in `book`.',
  });
}
