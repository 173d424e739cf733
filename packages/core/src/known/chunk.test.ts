import { expect, test } from 'vitest';
import { packChunk, unpackChunk } from './chunk.js';

const ids = ['A', '', 'é', '\ud800', '😀', 'with "quotes" and \\', 'x'.repeat(300)];
const chunk = { ids, lows: [1, -2, 2 ** 31 - 1], highs: [-(2 ** 31), 0, 7], removed: [5, 70_000] };

test.each([0, 1, 2, 3])('a chunk comes back as it was, also from the %i. byte of a larger buffer', (offset) => {
  const packed = packChunk(chunk);
  const larger = new Uint8Array(packed.length + 8);
  larger.set(packed, offset);
  const found = unpackChunk(larger.subarray(offset, offset + packed.length));
  expect(found?.length).toBe(ids.length);
  expect(ids.map((_, index) => found?.id(index))).toEqual(ids);
  expect(Array.from(found?.lows ?? [])).toEqual([1, -2, 2 ** 31 - 1]);
  expect(Array.from(found?.highs ?? [])).toEqual([-(2 ** 31), 0, 7]);
  expect(Array.from(found?.removed ?? [])).toEqual([5, 70_000]);
});

test('ids of ASCII alone, and no ids at all', () => {
  const plain = unpackChunk(packChunk({ ids: ['a', 'bc'], lows: [1], highs: [2], removed: [] }));
  expect([plain?.id(0), plain?.id(1)]).toEqual(['a', 'bc']);
  expect(unpackChunk(packChunk({ ids: [], lows: [], highs: [], removed: [3] }))?.removed).toEqual(Int32Array.of(3));
});

test('what is no chunk, or one that was cut off, is none', () => {
  const packed = packChunk(chunk);
  expect(unpackChunk(new Uint8Array(0))).toBeNull();
  expect(unpackChunk(Uint8Array.from(packed, (byte, index) => (index === 0 ? byte ^ 1 : byte)))).toBeNull();
  for (let length = 0; length < packed.length; length += 1) expect(unpackChunk(packed.slice(0, length))).toBeNull();
});
