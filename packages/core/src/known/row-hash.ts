import type { RawRecord } from '../source.js';

/** The key of hashes: 64 bits, in two words. */
export type RowKey = { readonly k0: number; readonly k1: number };

/** The hash of a row: 64 bits, in two words. An object that is written to, for a million of them are made one after the other. */
export type RowHash = { low: number; high: number };

/**
 * HalfSipHash-1-3 with 64 bits: a hash for tables, which nobody can make collide who does not have the key
 * (https://github.com/veorq/SipHash). It works on words of 32 bits, which JavaScript has, and takes about a nanosecond
 * a byte. Of bytes `begin` to `end` (exclusive).
 */
export function hashBytes({ k0, k1 }: RowKey, bytes: DataView, begin: number, end: number, into: RowHash): void {
  let v0 = k0;
  let v1 = k1 ^ 0xee;
  let v2 = 0x6c796765 ^ k0;
  let v3 = 0x74656462 ^ k1;
  // The round stands here twice and is no function, which would cost more than its work.
  const wholeWords = begin + ((end - begin) & ~3);
  for (let at = begin; at < wholeWords; at += 4) {
    const word = bytes.getInt32(at, true);
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  // The rest with the length, and twice three rounds with no word.
  let word = (end - begin) << 24;
  for (let at = wholeWords, shift = 0; at < end; at += 1, shift += 8) word |= bytes.getUint8(at) << shift;
  for (let step = 0; step < 7; step += 1) {
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
    word = 0;
    if (step === 0) {
      v2 ^= 0xee;
    } else if (step === 3) {
      into.low = v1 ^ v3;
      v1 ^= 0xdd;
    }
  }
  into.high = v1 ^ v3;
}

/** Hashes rows, each from its first bound to its second: two words a row. */
export function hashRows(key: RowKey, bytes: Uint8Array, bounds: Uint32Array, into: Int32Array): void {
  const view = viewOf(bytes);
  const hash: RowHash = { low: 0, high: 0 };
  for (let at = 0; at < bounds.length; at += 2) {
    hashBytes(key, view, bounds[at] ?? 0, bounds[at + 1] ?? 0, hash);
    into[at] = hash.low;
    into[at + 1] = hash.high;
  }
}

/** A key for the hashes of one purpose, from a secret of eight bytes or more. */
export function keyFor(seed: Uint8Array, purpose: string): RowKey {
  const secret = viewOf(seed);
  const hash: RowHash = { low: 0, high: 0 };
  const key = { k0: secret.getInt32(0, true), k1: secret.getInt32(4, true) };
  const text = new TextEncoder().encode(purpose);
  hashBytes(key, viewOf(text), 0, text.length, hash);
  return { k0: hash.low, k1: hash.high };
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Hashes records that the connector has read already, as JSON: no two records give the same, whatever is in them. */
export function recordHasher(): (key: RowKey, record: RawRecord, into: RowHash) => void {
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(4096);
  let view = viewOf(bytes);
  return (key, { externalId, name, email, phone }, into) => {
    const text = JSON.stringify([externalId, name, email, phone]);
    // A unit takes three bytes at most.
    if (text.length * 3 > bytes.length) {
      bytes = new Uint8Array(text.length * 3);
      view = viewOf(bytes);
    }
    hashBytes(key, view, 0, encoder.encodeInto(text, bytes).written, into);
  };
}
