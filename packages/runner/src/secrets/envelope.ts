import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ContactSyncError } from '@contact-sync/core';
import { bookKey, bookOf } from './book-key.js';
import type { Key, KeyRing } from './keys.js';

/*
 * How a value looks at rest: `cs2.<name of the key>.<IV>.<encrypted text and tag>`, the last two in base64url.
 * AES-256-GCM with a random IV of 96 bits and a tag of 128 (NIST SP 800-38D), under a key of the book's own, which is
 * derived from the key that is named. The version, the name of the key and the place where the value is kept are
 * authenticated with it: a value does not open in another place. `cs1`, which is read and no more written, is the same
 * under the named key itself. What comes after `cs2` must be read for one release before it is written, or workers of
 * two versions cannot share a vault.
 */
const version = 'cs2';
const older = 'cs1';
const ivBytes = 12;
const tagBytes = 16;

export function seal(text: string, place: string, named: Key): string {
  const { id, key } = bookKey(named, bookOf(place));
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  cipher.setAAD(additional(version, id, place));
  const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [version, id, iv.toString('base64url'), bytes.toString('base64url')].join('.');
}

/**
 * @throws ContactSyncError `key_wrong` where none of the keys made the value, `secret_damaged` where it was changed since,
 *   `store_newer` where it is in a form that this version does not know
 */
export function unseal(sealed: string, place: string, keys: KeyRing): string {
  const { made, id, iv, bytes } = parts(sealed, place);
  const known = keys.find((key) => key.id === id);
  if (known === undefined) throw wrongKey(place, id);
  const { key } = made === older ? known : bookKey(known, bookOf(place));
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
    decipher.setAAD(additional(made, id, place));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    throw damaged(place);
  }
}

/** Whether the value is of this key and written as it is today, without opening it. */
export function isSealedWith(sealed: string, { id }: Key): boolean {
  return sealed.startsWith(`${version}.${id}.`);
}

function parts(sealed: string, place: string): { made: string; id: string; iv: Buffer; bytes: Buffer } {
  if (/^cs(?:[3-9]|[1-9]\d)\./.test(sealed)) throw newer(place);
  const [, made, id, iv, bytes] = /^(cs[12])\.([0-9a-f]{12})\.([\w-]{16})\.([\w-]{22,})$/.exec(sealed) ?? [];
  if (made === undefined || id === undefined || iv === undefined || bytes === undefined) throw damaged(place);
  return { made, id, iv: strict(iv, place), bytes: strict(bytes, place) };
}

/** Node reads base64url leniently: several texts give the same bytes. Only the one that we write is let through. */
function strict(text: string, place: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw damaged(place);
  return bytes;
}

function additional(made: string, id: string, place: string): Buffer {
  return Buffer.from(JSON.stringify([made, id, place]), 'utf8');
}

function wrongKey(place: string, id: string): ContactSyncError {
  return new ContactSyncError('key_wrong', `The value of ${place} was stored with another key, ${id}.`, {
    hint: 'Give the key that it was stored with: after the first one, if that is newer. If the key is lost, disconnect and connect again.',
  });
}

function newer(place: string): ContactSyncError {
  return new ContactSyncError('store_newer', `The value of ${place} was stored by a newer version of contact-sync.`, {
    hint: 'Nothing of it is used. Install the newer version.',
  });
}

function damaged(place: string): ContactSyncError {
  return new ContactSyncError('secret_damaged', `The value of ${place} was changed or damaged since it was stored.`, {
    hint: 'Nothing of it is used. Connect again, or restore the store from a backup, and find out who wrote to it.',
  });
}
