import { expect, test } from 'vitest';
import { hashBytes, hashRows, keyFor, recordHasher, viewOf } from './row-hash.js';

/** HalfSipHash-1-3 word by word as its paper has it, slow and plain: one word of 32 bits, or two. */
function plainly(k0: number, k1: number, bytes: readonly number[], isLong: boolean): number[] {
  let [v0, v1, v2, v3] = [k0, k1, 0x6c796765 ^ k0, 0x74656462 ^ k1];
  if (isLong) v1 ^= 0xee;
  const turned = (word: number, by: number) => (word << by) | (word >>> (32 - by));
  const round = () => {
    v0 = (v0 + v1) | 0;
    v1 = turned(v1, 5) ^ v0;
    v0 = turned(v0, 16);
    v2 = (v2 + v3) | 0;
    v3 = turned(v3, 8) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = turned(v3, 7) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = turned(v1, 13) ^ v2;
    v2 = turned(v2, 16);
  };
  const rest = bytes.length % 4;
  const filled = [...bytes, ...Array.from({ length: 3 - rest }, () => 0), bytes.length & 0xff];
  for (let at = 0; at < filled.length; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = filled.slice(at, at + 4);
    const word = a | (b << 8) | (c << 16) | (d << 24);
    v3 ^= word;
    round();
    v0 ^= word;
  }
  v2 ^= isLong ? 0xee : 0xff;
  for (let n = 0; n < 3; n += 1) round();
  const first = v1 ^ v3;
  if (!isLong) return [first >>> 0];
  v1 ^= 0xdd;
  for (let n = 0; n < 3; n += 1) round();
  return [first >>> 0, (v1 ^ v3) >>> 0];
}

const counted = (length: number) => Array.from({ length }, (_, index) => index);

test('the plain form gives the published vectors, of 32 bits', () => {
  // The first eight of lib/tests/siphash_kunit.c of Linux: of no byte, of 00, of 00 01, and so on.
  const vectors = [0x5814c896, 0xe7e864ca, 0xbc4b0e30, 0x01539939, 0x7e059ea6, 0x88e3d89b, 0xa0080b65, 0x9d38d9d6];
  const found = vectors.map((_, length) => plainly(0x03020100, 0x07060504, counted(length), false)[0]);
  expect(found).toEqual(vectors);
});

test('the fast form gives what the plain one gives, from any byte on, to any length', () => {
  const bytes = Uint8Array.from(counted(300), (n) => n * 7);
  for (let begin = 0; begin < 5; begin += 1) {
    for (let length = 0; length < 290; length += 1) {
      const hash = { low: 0, high: 0 };
      hashBytes({ k0: 0x03020100, k1: 0x07060504 }, viewOf(bytes), begin, begin + length, hash);
      const some = [...bytes.subarray(begin, begin + length)];
      expect([hash.low >>> 0, hash.high >>> 0]).toEqual(plainly(0x03020100, 0x07060504, some, true));
    }
  }
});

test('rows beside each other have the hashes that each has alone', () => {
  const bytes = Uint8Array.from(counted(300), (n) => n * 7);
  const key = { k0: 0x03020100, k1: 0x07060504 };
  const bounds = [0, 0, 1, 4, 5, 101, 101, 300];
  const found = new Int32Array(bounds.length + 2);
  hashRows(key, bytes, Uint32Array.from(bounds), found);
  const alone = [0, 2, 4, 6].flatMap((at) =>
    plainly(key.k0, key.k1, [...bytes.subarray(bounds[at], bounds[at + 1])], true),
  );
  expect(Array.from(found, (word) => word >>> 0)).toEqual([...alone, 0, 0]);
});

test('records that differ in anything have other hashes, and so has one record under another seed or purpose', () => {
  const ann = { externalId: 'A', name: 'Ann', email: 'ann@x.au', phone: null };
  const records = [
    ann,
    { ...ann, phone: '' },
    { ...ann, phone: 'null' },
    { ...ann, name: 'Ann\ufffd' },
    { ...ann, name: 'Ann\ud800' },
    { ...ann, externalId: 'AAnn', name: '' },
    { ...ann, name: 'ann@x.au', email: 'Ann' },
    { ...ann, name: 'Ann'.repeat(5000) },
    { ...ann, name: `${'Ann'.repeat(5000)}.` },
  ];
  const keys = [
    keyFor(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 'one'),
    keyFor(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 'two'),
  ];
  const hashes = [...keys, keyFor(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 9), 'one')].flatMap((key) =>
    records.map((record) => {
      const hash = { low: 0, high: 0 };
      recordHasher()(key, record, hash);
      return `${hash.low} ${hash.high}`;
    }),
  );
  expect(new Set(hashes).size).toBe(records.length * 3);
});
