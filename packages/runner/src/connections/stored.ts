import { type ConnectionKind, ContactSyncError, connectionKinds, type ErrorCode, type Vault } from '@contact-sync/core';
import { z } from 'zod';
import { type SealedVault, sealedKeys } from '../secrets/sealed-vault.js';
import { revealed, type Secret, secret } from '../secrets/secret.js';

/** What is kept of a connection, so that a source can be read with its name alone. Sealed, under its book and source. */
export type StoredConnection = {
  /** As it was named: `xpm`. */
  readonly connector: string;
  /** As text, as they are given with `--set`. */
  readonly settings: Readonly<Record<string, string>>;
  /** By the name of the setting. */
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Null for a connection that needs no more than its secrets. */
  readonly signIn: StoredSignIn | null;
  /** As text, as they are given with `--policy`. */
  readonly policy: Readonly<Record<string, string>>;
  /** What its records become at the first sync, where it was said. */
  readonly kind: ConnectionKind | null;
  /** When the service syncs it, as `connections set --schedule` takes it; null: hourly. */
  readonly schedule: string | null;
  readonly createdBy: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
};

/** The key of the grant, which several connections may share, and the app that it was given to. */
export type StoredSignIn = {
  readonly grant: string;
  readonly client: { readonly id: string; readonly secret: Secret | null };
};

const texts = z.record(z.string(), z.string());
const schema = z.strictObject({
  version: z.literal(1),
  connector: z.string(),
  settings: texts,
  secrets: texts,
  signIn: z
    .strictObject({
      grant: z.string(),
      client: z.strictObject({ id: z.string(), secret: z.string().nullable() }),
    })
    .nullable(),
  policy: texts,
  kind: z.enum(connectionKinds).nullable(),
  schedule: z.string().nullable().default(null),
  createdBy: z.string(),
  at: z.string(),
});

const prefix = (book: string) => `connection:${JSON.stringify([book]).slice(0, -1)},`;

export function storedKey(book: string, source: string): string {
  return `connection:${JSON.stringify([book, source])}`;
}

/** The sources that are stored for a book. Their names are no secret: no key is needed. */
export async function storedSources(vault: Vault, book: string): Promise<string[]> {
  const keys = await sealedKeys(vault, prefix(book));
  return keys.map((key) => z.tuple([z.string(), z.string()]).parse(JSON.parse(key.slice('connection:'.length)))[1]);
}

export async function readStored(vault: Vault, book: string, source: string): Promise<StoredConnection | null> {
  const text = await vault.read(storedKey(book, source));
  if (text === null) return null;
  const parsed = schema.safeParse(JSON.parse(text));
  // What opens was written by contact-sync: if it does not fit, by another version of it.
  if (!parsed.success) {
    throw new ContactSyncError(
      'store_newer',
      `The connection ${source} was stored by a newer version of contact-sync.`,
      {
        hint: 'Install the newer version, or connect again.',
      },
    );
  }
  const { version: _, secrets, signIn, ...rest } = parsed.data;
  return { ...rest, secrets: hidden(secrets), signIn: signIn && { ...signIn, client: hiddenClient(signIn.client) } };
}

const closed: readonly ErrorCode[] = ['key_wrong', 'secret_damaged', 'store_newer'];

/**
 * What is stored, where it opens: null for none, and for one that nobody can read with these keys and this version. A
 * store that cannot be read says nothing about what it holds, so its errors are thrown.
 */
export async function readIfOpens(vault: Vault, book: string, source: string): Promise<StoredConnection | null> {
  return await ifItOpens(readStored(vault, book, source));
}

/** The same, of a read that was begun. */
export async function ifItOpens(reading: Promise<StoredConnection | null>): Promise<StoredConnection | null> {
  try {
    return await reading;
  } catch (error) {
    if (ContactSyncError.is(error) && closed.includes(error.code)) return null;
    throw error;
  }
}

export async function writeStored(
  vault: SealedVault,
  book: string,
  source: string,
  { secrets, signIn, ...rest }: StoredConnection,
): Promise<void> {
  const value: z.input<typeof schema> = {
    version: 1,
    ...rest,
    secrets: revealed(secrets),
    signIn: signIn && { ...signIn, client: shownClient(signIn.client) },
  };
  await vault.replace(storedKey(book, source), JSON.stringify(value));
}

export function shownClient({ id, secret: held }: StoredSignIn['client']): { id: string; secret: string | null } {
  return { id, secret: held?.reveal() ?? null };
}

function hiddenClient({ id, secret: text }: { id: string; secret: string | null }): StoredSignIn['client'] {
  return { id, secret: text === null ? null : secret(text) };
}

function hidden(texts: Readonly<Record<string, string>>): Record<string, Secret> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, secret(text)]));
}
