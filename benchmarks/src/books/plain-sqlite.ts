import { DatabaseSync } from 'node:sqlite';
import { plainDigest } from './plain.ts';

export function sqliteDigest(file: string): string {
  const db = new DatabaseSync(file);
  const digest = plainDigest(db.prepare('SELECT * FROM contacts').iterate());
  db.close();
  return digest;
}
