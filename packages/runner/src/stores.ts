import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ContactStore, ContactSyncError, memoryStore, type Vault } from '@contact-sync/core';
import { sqliteStore, sqliteVault } from '@contact-sync/storage-sqlite';
import { loadPackage } from './load-package.js';

const hint =
  'Name it with --store or CONTACT_SYNC_STORE: sqlite:contacts.db, or postgres://user@host/database (its password in PGPASSWORD)';

export type Place = { readonly address: string | undefined; readonly book: string; readonly cwd: string };
/** `preview`: a book that is not there yet is an empty one. `write`: it is made. */
export type Mode = 'read' | 'preview' | 'write';

/** Opens the book of a store named like `sqlite:contacts.db`. */
export async function openStore(place: Place, mode: Mode): Promise<ContactStore> {
  const { book, cwd } = place;
  const writes = mode === 'write';
  const { kind, where } = parseAddress(place);
  if (kind === 'postgres') {
    const { postgresStore } = await loadPostgres(cwd);
    return await knownBook(postgresStore({ url: where, book, readOnly: mode === 'read' }), book, mode);
  }
  if (mode === 'preview' && !existsSync(where)) return memoryStore();
  return await knownBook(sqliteStore({ file: where, book, create: writes, readOnly: !writes }), book, mode);
}

/** The locks beside a book: one run at a time for each connection, whatever process it is in. */
export async function openVault(place: Place, options: VaultOptions & { create?: boolean } = {}): Promise<Vault> {
  const { kind, where } = parseAddress(place);
  const { create = false, ...rest } = options;
  if (kind === 'sqlite') return sqliteVault({ file: where, create, ...rest });
  const { postgresVault } = await loadPostgres(place.cwd);
  return postgresVault({ url: where, ...rest });
}

/** `waitMs`: for how long to wait for a lock that another process holds. */
type VaultOptions = { readonly readOnly?: boolean; readonly waitMs?: number };

/** What is wrong with the mode of the store's file, where it is one that others may open. */
export function openToOthers(place: Place): string | null {
  const { kind, where } = parseAddress(place);
  const mode = kind === 'sqlite' ? statSync(where, { throwIfNoEntry: false })?.mode : undefined;
  // Windows has no such bits.
  if (mode === undefined || process.platform === 'win32' || (mode & 0o077) === 0) return null;
  return `${where} is open to other users of this machine: chmod 600 ${where}`;
}

/** The file of the store, where it is one. */
export function sqliteFile(place: Place): string | null {
  const { kind, where } = parseAddress(place);
  return kind === 'sqlite' ? where : null;
}

function parseAddress({ address, cwd }: Place): { kind: 'sqlite' | 'postgres'; where: string } {
  if (address === undefined) throw new ContactSyncError('setting_missing', 'No store was named.', { hint });
  const [, kind, rest] = /^([a-z]+):(.*)$/s.exec(address) ?? [];
  if (kind === 'sqlite' && rest !== undefined && rest !== '') return { kind, where: resolve(cwd, rest) };
  if (kind === 'postgres' || kind === 'postgresql') return { kind: 'postgres', where: address };
  // The rest may hold a password.
  const scheme = /^([a-z]+):/i.exec(address)?.[1];
  const problem =
    scheme === undefined || kind === 'sqlite' ? 'does not name a store' : `names a store of an unknown kind, ${scheme}`;
  throw new ContactSyncError('setting_invalid', `What is given as the store ${problem}.`, { hint });
}

type PostgresPackage = {
  postgresStore(options: { url: string; book: string; readOnly: boolean }): ContactStore;
  postgresVault(options: { url: string } & VaultOptions): Vault;
};

async function loadPostgres(cwd: string): Promise<PostgresPackage> {
  const name = '@contact-sync/storage-postgres';
  const loaded = await loadPackage({ name, subpath: '', cwd, what: 'The store for PostgreSQL' });
  if (isPostgresPackage(loaded)) return loaded;
  throw new ContactSyncError('connector_broken', `${name} does not fit this version of contact-sync.`, {
    hint: `Install it anew: npm install ${name}`,
  });
}

function isPostgresPackage(loaded: object): loaded is PostgresPackage {
  return 'postgresStore' in loaded && 'postgresVault' in loaded;
}

/** A book is made by the first thing written to it: one that has no history is a slip of the fingers. */
async function knownBook(store: ContactStore, book: string, mode: Mode): Promise<ContactStore> {
  if (mode !== 'read' || book === 'default') return store;
  const { runs } = await store.runs({ limit: 1 });
  if (runs.length > 0) return store;
  await store.close();
  throw new ContactSyncError('not_found', `The store has no book "${book}".`, {
    hint: 'Check --book. A book is made by the first import or sync into it.',
  });
}
