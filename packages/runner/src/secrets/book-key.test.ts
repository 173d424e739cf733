import { createCipheriv } from 'node:crypto';
import { expect, test } from 'vitest';
import { bookKey, bookOf } from './book-key.js';
import { isSealedWith, seal, unseal } from './envelope.js';
import { type Key, newKey, parseKey } from './keys.js';

function aKey(): Key {
  const key = parseKey(newKey());
  if (key === null) throw new Error('A new key is none.');
  return key;
}

const place = (book: string) => `secret:connection:${JSON.stringify([book, 'xpm:t'])}`;

test('each book has a key of its own, which opens nothing of another', () => {
  const key = aKey();
  const [mine, theirs] = [seal('mine', place('a'), key), seal('theirs', place('b'), key)];
  const ofA = bookKey(key, 'a');
  expect(unseal(mine, place('a'), [ofA])).toBe('mine');
  expect(() => unseal(theirs, place('b'), [ofA])).toThrow(expect.objectContaining({ code: 'secret_damaged' }));
  expect(unseal(theirs, place('b'), [key])).toBe('theirs');
  expect(ofA.key.equals(bookKey(key, 'b').key)).toBe(false);
});

test('what was sealed before books had keys opens, and counts as sealed with another', () => {
  const key = aKey();
  const iv = Buffer.alloc(12, 7);
  const cipher = createCipheriv('aes-256-gcm', key.key, iv, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(JSON.stringify(['cs1', key.id, place('a')])));
  const bytes = Buffer.concat([cipher.update('old', 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const old = ['cs1', key.id, iv.toString('base64url'), bytes.toString('base64url')].join('.');
  expect(unseal(old, place('a'), [key])).toBe('old');
  expect(isSealedWith(old, key)).toBe(false);
});

test.each([
  ['secret:connection:["a b","xpm:t"]', 'a b'],
  ['secret:sign-in:["a","xpm","1"]', 'a'],
  ['secret:page-session:1', null],
  ['secret:odd:[1]', null],
])('%s is of the book %s', (where, book) => {
  expect(bookOf(where)).toBe(book);
});
