import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

/** A key and its name. The name is stored beside what the key encrypts, and tells nothing of the key. */
export type Key = {
  readonly id: string;
  readonly key: KeyObject;
  /** It is that of one book, derived from the one that is named: it opens nothing of another. */
  readonly ofBook?: true;
};

/** The first key encrypts. The others are older ones, with which values can still be read. */
export type KeyRing = readonly [Key, ...Key[]];

const keyBytes = 32;

/** A new key, as it is written down: base64 of 32 random bytes. */
export function newKey(): string {
  return randomBytes(keyBytes).toString('base64');
}

/** A key in base64 (44 characters; also base64url, with or without padding) or in hex (64). Null if it is neither. */
export function parseKey(text: string): Key | null {
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
      ? Buffer.from(text, 'base64')
      : null;
  if (bytes?.length !== keyBytes) return null;
  return { id: idOf(bytes), key: createSecretKey(bytes) };
}

function idOf(bytes: Buffer): string {
  return createHash('sha256').update('contact-sync key id\n').update(bytes).digest('hex').slice(0, 12);
}
