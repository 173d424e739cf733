import { hash } from 'node:crypto';
import type { List } from './api.js';
import { again, failure } from './errors.js';
import { isObject } from './refusals.js';

/** A row of the list, its place for people, and whether the very same row came before in this read. */
export type ListRow = { readonly row: unknown; readonly place: string; readonly repeated: boolean };
type Ask = (page: number) => Promise<List | 'absent'>;

/** Far more than any practice has; a list that goes on for ever must not be read for ever. */
const mostPages = 2000;

/**
 * Every page of the list. Returns only when it is known that there are no more rows: at an empty page, at a page that is
 * absent while the one before it is still there, or where FYI gives the last page again instead of an empty one.
 *
 * @throws ContactSyncError what `ask` throws; `source_incomplete` if the end cannot be told from a fault, or FYI says
 *   that there are more rows than came; `source_too_large` at the page cap
 */
export async function* pagesOf(ask: Ask, most = mostPages): AsyncGenerator<readonly ListRow[], void> {
  const seen = new Map<string, string>();
  let total: number | null = null;
  /** Whether a page after the first one had anything new: only then it is known that FYI pages at all. */
  let paged = false;
  let before = '';
  let repeats = 0;
  for (let page = 1; ; page += 1) {
    if (page > most) throw endless(most, seen.size);
    const list = await ask(page);
    if (list === 'absent' && !(await isEnd(ask, page))) throw vanished(page);
    if (list === 'absent' || list.rows.length === 0) break;
    total = list.total ?? total;

    const print = printOf(list.rows);
    repeats = print === before ? repeats + 1 : 0;
    before = print;
    if (repeats > 0) {
      const all = total !== null && seen.size >= total;
      if (all || (repeats > 1 && paged)) break;
      // Once may be chance: as many rows may have been put before it as a page has.
      if (repeats > 1) throw unpaged(page, list.rows.length);
      continue;
    }
    const known = seen.size;
    const rows = list.rows.map((row, index) => listRow(row, `no. ${index + 1} of page ${page}`, seen));
    paged ||= page > 1 && seen.size > known;
    yield rows;
  }
  if (total !== null && seen.size < total) throw short(seen.size, total);
}

/** A gateway that is being changed says 404 too, but then to every page. */
async function isEnd(ask: Ask, page: number): Promise<boolean> {
  const last = await ask(page - 1);
  if (last === 'absent' || last.rows.length === 0) return false;
  const next = await ask(page);
  return next === 'absent' || next.rows.length === 0;
}

/** Rows move to another page when some are put before them, and then come twice. */
function listRow(row: unknown, place: string, seen: Map<string, string>): ListRow {
  const print = printOf(row);
  const id = isObject(row) && (typeof row.id === 'number' || typeof row.id === 'string') ? `id ${row.id}` : print;
  const repeated = seen.get(id) === print;
  seen.set(id, print);
  return { row, place, repeated };
}

function printOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64');
}

function endless(pages: number, rows: number) {
  return failure(
    'source_too_large',
    `The list of FYI has not ended after ${pages} pages and ${rows} clients.`,
    'Nothing was written. Set perPage higher, up to 1000; if that is no help, FYI pages in another way than api.ts of @contact-sync/connector-fyi says.',
  );
}

function vanished(page: number) {
  return failure('source_incomplete', `FYI does not find page ${page} of the list, nor the one before it.`, again);
}

function unpaged(page: number, rows: number) {
  return failure(
    'source_incomplete',
    `FYI answers every request with the same page (${page} times so far), so nobody can tell whether there is more.`,
    `Nothing was written. Set perPage to less than ${rows}: if the pages then differ, their end can be told. If not, FYI pages in another way than api.ts of @contact-sync/connector-fyi says.`,
  );
}

function short(seen: number, total: number) {
  return failure(
    'source_incomplete',
    `FYI says that there are ${total} clients, and ${seen} of them came.`,
    'Nothing was written. The list may have changed while it was read: try again. If it stays, report it: "total" may mean something else than api.ts of @contact-sync/connector-fyi says.',
  );
}
