import { ContactSyncError } from '@contact-sync/core';
import { expect, test } from 'vitest';
import type { Part } from './api.js';
import { walk } from './walk.js';
import type { Row } from './wire.js';

type World = { list: (number | null)[]; total: 'right' | 'none' | number; size: number };

/** Walks over a list; `meanwhile` is done before the request of that number, from 1. Gives ids as they came. */
async function walked(world: Partial<World> & Pick<World, 'list'>, meanwhile: Record<number, (w: World) => void> = {}) {
  const w: World = { total: 'right', size: 3, ...world };
  const offsets: number[] = [];
  const ids: (number | null)[] = [];
  let repeated = 0;
  let code: string | null = null;
  const ask = async (offset: number): Promise<Part<{ id: string | null }>> => {
    offsets.push(offset);
    meanwhile[offsets.length]?.(w);
    const total = w.total === 'right' ? w.list.length : w.total === 'none' ? null : w.total;
    const rows = w.list.slice(offset, offset + w.size);
    return { rows: rows.map((id) => ({ value: { id: id === null ? null : String(id) } })), total, requestsLeft: {} };
  };
  try {
    for await (const step of walk(ask, idOf)) {
      ids.push(...step.rows.map(idOf).map((id) => (id === null ? null : Number(id))));
      repeated += step.repeated;
    }
  } catch (error) {
    if (!ContactSyncError.is(error)) throw error;
    code = error.code;
  }
  return { ids, offsets, repeated, code };
}

function idOf(row: Row<{ id: string | null }>): string | null {
  return row.value === null ? row.id : row.value.id;
}

const to = (end: number, start = 1) => Array.from({ length: end - start + 1 }, (_, index) => start + index);

test.each<[string, number, number[]]>([
  ['nobody', 0, [0]],
  ['one', 1, [0, 0]],
  ['a full page', 3, [0, 2]],
  ['one more', 4, [0, 2, 3]],
  ['several pages', 8, [0, 2, 4, 6, 7]],
])('a list ends with a page that has nobody new: %s', async (_, length, offsets) => {
  const expected = { ids: to(length), offsets, repeated: 0, code: null };
  expect(await walked({ list: to(length) })).toEqual(expected);
  expect(await walked({ list: to(length), total: 'none' })).toEqual(expected);
});

test('a page is as long as it is, and not as long as was asked for', async () => {
  expect(await walked({ list: to(5), size: 2 })).toMatchObject({ ids: to(5), offsets: [0, 1, 2, 3, 4] });
});

test('a total that is only that of a page ends nothing', async () => {
  for (const total of [500, 3, 0]) expect((await walked({ list: to(1203), size: 500, total })).ids).toEqual(to(1203));
});

test('somebody who is deleted before the page costs nobody else: the list is read again', async () => {
  const found = await walked({ list: to(9) }, { 2: (w) => w.list.splice(0, 1) });
  // 4 was passed over: it had moved to where the first page had been.
  expect(found).toEqual({ ids: [1, 2, 3, 4, 5, 6, 7, 8, 9], offsets: [0, 2, 0, 2, 4, 6, 7], repeated: 0, code: null });
});

test('neither does somebody who is deleted while another is added at the end', async () => {
  const found = await walked({ list: to(9) }, { 2: (w) => (w.list = [...to(9, 2), 10]) });
  expect(found).toMatchObject({ ids: to(10), code: null });
});

test('nor a deletion at the very end', async () => {
  const found = await walked({ list: to(4) }, { 2: (w) => w.list.splice(0, 2) });
  expect(found).toMatchObject({ ids: to(4), offsets: [0, 2, 0, 1], code: null });
});

test('somebody who is added before the page is found by reading again', async () => {
  const found = await walked({ list: to(6) }, { 2: (w) => w.list.unshift(7) });
  expect(found.ids).toEqual([1, 2, 3, 4, 5, 6, 7]);
  // The second page began with 2 and 3.
  expect(found.repeated).toBe(2);
});

test('somebody who is added at the end is found at once', async () => {
  const found = await walked({ list: to(4) }, { 2: (w) => w.list.push(5) });
  expect(found).toMatchObject({ ids: to(5), offsets: [0, 2, 4], repeated: 0 });
});

test('a list without a total that has moved is read again too', async () => {
  const found = await walked({ list: to(9), total: 'none' }, { 2: (w) => w.list.splice(0, 1) });
  expect(found).toMatchObject({ ids: to(9), code: null });
  const gone = await walked({ list: to(4), total: 'none' }, { 2: (w) => w.list.splice(0) });
  expect(gone).toMatchObject({ ids: to(3), offsets: [0, 2, 0], code: null });
});

test('a list that keeps moving is no whole one', async () => {
  const found = await walked({ list: to(9) }, { 2: (w) => w.list.splice(0, 1), 4: (w) => w.list.splice(0, 1) });
  expect(found.code).toBe('source_incomplete');
});

test('a total that is more than comes is no whole list', async () => {
  expect(await walked({ list: to(4), total: 5 })).toMatchObject({ code: 'source_incomplete' });
  expect(await walked({ list: [], total: 1 })).toMatchObject({ code: 'source_incomplete', offsets: [0, 0] });
});

test('somebody twice in a list is somebody whom the total counts twice', async () => {
  expect(await walked({ list: [1, 2, 3, 4, 2, 5] })).toMatchObject({ repeated: 2, code: 'source_incomplete' });
});

test('somebody twice on a page is handed over twice', async () => {
  expect(await walked({ list: [1, 2, 2, 3] })).toMatchObject({ ids: [1, 2, 2, 3], repeated: 0, code: null });
});

test('a system that always answers with its first page ends too', async () => {
  const first: Part<{ id: string }> = {
    rows: to(3).map((id) => ({ value: { id: String(id) } })),
    total: null,
    requestsLeft: {},
  };
  let asked = 0;
  const steps = walk(async () => {
    asked += 1;
    return first;
  }, idOf);
  const ids: (string | null)[] = [];
  for await (const { rows } of steps) ids.push(...rows.map(idOf));
  expect(ids).toEqual(['1', '2', '3']);
  expect(asked).toBe(2);
});

test('a list that does not end is given up', async () => {
  let next = 0;
  const ask = async (): Promise<Part<{ id: string }>> => {
    const rows = [next, next + 1].map((id) => ({ value: { id: String(id) } }));
    next += 1;
    return { rows, total: null, requestsLeft: {} };
  };
  const read = async () => {
    for await (const _ of walk(ask, idOf));
  };
  await expect(read()).rejects.toMatchObject({ code: 'source_too_large' });
  expect(next).toBe(10_000);
});

test('rows without an id are all handed over', async () => {
  expect((await walked({ list: [1, null, null, 2, 3, null, 4] })).ids).toEqual([1, null, null, 2, 3, null, 4]);
});
