import { sqliteVault } from '@contact-sync/storage-sqlite';

/** The names of what is kept sealed in a store's file; those that are drawn are `GRANT`. */
export async function sealedNames(file: string): Promise<string[]> {
  const vault = sqliteVault({ file });
  const keys = await vault.keys('');
  await vault.close();
  return keys.map((name) => name.replace(/[0-9a-f-]{36}/, 'GRANT'));
}
