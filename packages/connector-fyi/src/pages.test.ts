import { ContactSyncError } from '@contact-sync/core';
import { expect, test } from 'vitest';
import type { List } from './api.js';
import { pagesOf, passOf } from './pages.js';

type Page = List | 'absent';
const page = (...ids: unknown[]): List => ({ rows: ids.map((id) => ({ id, name: `N ${id}` })), total: null });
const counted = (total: number, ...ids: number[]): List => ({ ...page(...ids), total });
const empty = page();

/** Walks the pages that are given, the last one again and again; ids that were handed over, `=` before a repeated one. */
async function walk(pages: readonly Page[], most?: number) {
  const asked: number[] = [];
  const got: string[][] = [];
  const ask = async (number: number): Promise<Page> => {
    asked.push(number);
    return pages[Math.min(asked.length, pages.length) - 1] ?? 'absent';
  };
  try {
    for await (const rows of passOf(ask, most)) {
      got.push(
        rows.map(({ row, repeated }) => `${repeated ? '=' : ''}${JSON.stringify(row).match(/"id":"?(\w+)/)?.[1]}`),
      );
    }
  } catch (error) {
    if (error instanceof ContactSyncError) return { got, asked, error };
    throw error;
  }
  return { got, asked, error: null };
}

test.each<[string, Page[], string[][], number[]]>([
  ['nothing', [empty], [], [1]],
  ['one page', [page(1, 2), empty], [['1', '2']], [1, 2]],
  [
    'a page that is not full is not the last one',
    [page(1, 2), page(3), page(4, 5), empty],
    [['1', '2'], ['3'], ['4', '5']],
    [1, 2, 3, 4],
  ],
  ['absent past the end', [page(1, 2), 'absent', page(1, 2), 'absent'], [['1', '2']], [1, 2, 1, 2]],
  ['absent, then empty past the end', [page(1), page(2), 'absent', page(2), empty], [['1'], ['2']], [1, 2, 3, 2, 3]],
  ['the last page again and again', [page(1, 2), page(3)], [['1', '2'], ['3']], [1, 2, 3, 4]],
  ['the only page again, where all are counted', [counted(2, 1, 2)], [['1', '2']], [1, 2]],
  [
    'rows that moved on come twice',
    [page(1, 2), page(2, 3), page(4), empty],
    [['1', '2'], ['=2', '3'], ['4']],
    [1, 2, 3, 4],
  ],
  [
    'a page again, and then others',
    [page(1, 2), page(1, 2), page(3, 4), empty],
    [
      ['1', '2'],
      ['3', '4'],
    ],
    [1, 2, 3, 4],
  ],
  [
    'pages with nothing new that differ are not the end',
    [page(1, 2), page(3, 4), page(2, 3), page(1, 4), page(5), empty],
    [['1', '2'], ['3', '4'], ['=2', '=3'], ['=1', '=4'], ['5']],
    [1, 2, 3, 4, 5, 6],
  ],
  ['ids of both kinds are the same', [page(1), page('1'), empty], [['1'], ['1']], [1, 2, 3]],
  ['all that are counted', [counted(3, 1, 2), counted(3, 3), empty], [['1', '2'], ['3']], [1, 2, 3]],
  ['more than are counted', [counted(1, 1, 2), counted(1, 3), empty], [['1', '2'], ['3']], [1, 2, 3]],
  ['the count at the end counts', [counted(9, 1, 2), counted(3, 3), empty], [['1', '2'], ['3']], [1, 2, 3]],
])('%s', async (_, pages, got, asked) => {
  expect(await walk(pages)).toEqual({ got, asked, error: null });
});

test('a row that changed meanwhile is not a repeated one', async () => {
  const changed: List = { rows: [{ id: 2, name: 'Other' }, { name: 'No id' }, { name: 'No id' }, 'x'], total: null };
  const { got } = await walk([page(1, 2), changed, empty]);
  expect(got).toEqual([
    ['1', '2'],
    ['2', 'undefined', '=undefined', 'undefined'],
  ]);
});

test.each<[string, Page[], string, number]>([
  ['absent, and so is the page before it', [page(1), 'absent', 'absent'], 'source_incomplete', 3],
  ['absent, and the page before it is empty', [page(1), 'absent', empty], 'source_incomplete', 3],
  ['absent for a moment only', [page(1), 'absent', page(1), page(2)], 'source_incomplete', 4],
  ['the same page for every number', [page(1, 2)], 'source_incomplete', 3],
  ['the same page for every number, and more are counted', [counted(3, 1, 2)], 'source_incomplete', 3],
])('never complete: %s', async (_, pages, code, requests) => {
  const { error, asked } = await walk(pages);
  expect(error).toMatchObject({ code, hint: expect.stringMatching(/^Nothing was written\. \S+/) });
  expect(asked).toHaveLength(requests);
});

test('a list without end is an error at the page cap, and never a short list', async () => {
  let id = 0;
  const ask = async (): Promise<List> => {
    id += 1;
    return page(id);
  };
  const rows = async () => {
    for await (const _ of passOf(ask));
  };
  await expect(rows()).rejects.toMatchObject({
    code: 'source_too_large',
    message: 'The list of FYI has not ended after 2000 pages and 2000 clients.',
  });
  expect((await walk([page(1), page(2), empty], 2)).error?.message).toContain('after 2 pages and 2 clients');
  expect((await walk([page(1), page(2), empty], 3)).error).toBeNull();
});

test('rows are named by their place', async () => {
  const places: string[] = [];
  const pages = [page(1, 2), page(3), empty];
  for await (const rows of pagesOf(async (number) => pages[number - 1] ?? empty))
    places.push(...rows.map(({ place }) => place));
  expect(places).toEqual(['no. 1 of page 1', 'no. 2 of page 1', 'no. 1 of page 2']);
});

/** A list in pages of two that becomes another one after some requests, read to its end. */
async function read(list: readonly number[], changes: Readonly<Record<number, readonly number[]>>, totals = false) {
  let now = list;
  let asked = 0;
  const got: number[] = [];
  const ask = async (number: number): Promise<List> => {
    const rows = now.slice(2 * number - 2, 2 * number).map((id) => ({ id }));
    const total = totals ? now.length : null;
    asked += 1;
    now = changes[asked] ?? now;
    return { rows, total };
  };
  try {
    for await (const rows of pagesOf(ask)) {
      got.push(...rows.filter(({ repeated }) => !repeated).map(({ row }) => (row as { id: number }).id));
    }
  } catch (error) {
    if (error instanceof ContactSyncError) return { got, asked, error };
    throw error;
  }
  return { got, asked, error: null };
}

// Each list, how it changes after how many requests, who is handed over, and the requests that takes.
test.each<[string, readonly number[], Readonly<Record<number, readonly number[]>>, boolean, number[], number]>([
  ['nobody is read once', [], {}, false, [], 1],
  ['one page is read twice', [1, 2], {}, false, [1, 2], 4],
  ['one page that is counted is read once', [1, 2], {}, true, [1, 2], 2],
  ['several are read twice', [1, 2, 3, 4, 5], {}, false, [1, 2, 3, 4, 5], 8],
  ['several that are counted are read once', [1, 2, 3, 4, 5], {}, true, [1, 2, 3, 4, 5], 4],
  // 1 goes after page 1, so 3 is on page 1 by then, and page 2 begins with 4: three passes of three requests.
  ['one that goes pushes nobody out', [1, 2, 3, 4, 5], { 1: [2, 3, 4, 5] }, false, [1, 2, 4, 5, 3], 9],
  ['the same where they are counted', [1, 2, 3, 4, 5], { 1: [2, 3, 4, 5] }, true, [1, 2, 4, 5, 3], 9],
  // 1 goes after page 1, so 3 is on page 1 by then, and page 2 is empty: three passes of two requests.
  ['one that goes pushes nobody out of the last page', [1, 2, 3], { 1: [2, 3] }, false, [1, 2, 3], 6],
  ['the same where they are counted', [1, 2, 3], { 1: [2, 3] }, true, [1, 2, 3], 6],
  ['one that moves to the end pushes nobody out', [1, 2, 3, 4, 5], { 1: [2, 3, 4, 5, 1] }, false, [1, 2, 4, 5, 3], 12],
  ['one that comes moves others', [1, 2, 3, 4], { 1: [9, 1, 2, 3, 4] }, false, [1, 2, 3, 4, 9], 12],
  ['one that goes at the very end', [1, 2, 3], { 6: [1, 2] }, false, [1, 2, 3], 6],
])('%s', async (_, list, changes, counted, got, asked) => {
  expect(await read(list, changes, counted)).toEqual({ got, asked, error: null });
});

test('a list that does not come to rest is never complete', async () => {
  // One goes in every pass.
  const list = [1, 2, 3, 4, 5, 6, 7, 8];
  const { error, asked } = await read(list, {
    1: list.slice(1),
    6: list.slice(2),
    10: list.slice(3),
    14: list.slice(4),
  });
  expect(error).toMatchObject({ code: 'source_incomplete', hint: expect.stringMatching(/fewer people/) });
  expect(asked).toBeLessThan(20);
});

test.each([[[page(1, 2), { ...page(3), total: 4 }, empty]], [[{ ...page(1, 2), total: 3 }, empty]], [[counted(5)]]])(
  'fewer than FYI says there are is never complete (%#)',
  async (pages) => {
    const rows = async () => {
      for await (const _ of pagesOf(async (number) => pages[number - 1] ?? empty));
    };
    await expect(rows()).rejects.toMatchObject({
      code: 'source_incomplete',
      message: expect.stringMatching(/^FYI says/),
    });
  },
);
