import { hash } from 'node:crypto';
import type { List } from './api.js';
import { again, failure } from './errors.js';
import { isObject } from './is-object.js';

/** A row of the list, its place for people, and whether the very same row came before in this pass. */
export type ListRow = {
  readonly row: unknown;
  /** Its id, or what stands for one. */
  readonly key: string;
  readonly place: string;
  readonly repeated: boolean;
};
type Ask = (page: number) => Promise<List | 'absent'>;

/** What one pass from the first page to the end has seen. */
export type Pass = {
  readonly keys: ReadonlySet<string>;
  /** Pages with something new on them. */
  readonly pages: number;
  /** How many clients FYI said there are, on each page that said it. */
  readonly totals: readonly number[];
};

/** Far more than any practice has; a list that goes on for ever must not be read for ever. */
const mostPages = 2000;
const mostPasses = 4;

/**
 * Every row of the list, once. Pages are asked for by number, so a client that goes, or moves, while the list is read
 * pushes another one over the border of two pages, unseen. So a list with anyone in it is read again, for what was not
 * seen, until two passes in a row have the same clients; where FYI says with every page how many there are, and that
 * many came, once is enough.
 *
 * @throws ContactSyncError what `ask` and `passOf` throw; `source_incomplete` if the list does not come to rest, or FYI
 *   says that there are more clients than came
 */
export async function* pagesOf(ask: Ask): AsyncGenerator<readonly ListRow[], void> {
  const first = yield* passOf(ask);
  const seen = new Set(first.keys);
  let last = first;
  let passes = 1;
  for (let resting = isSure(first); !resting; passes += 1) {
    if (passes === mostPasses) throw moving(passes);
    const pass = yield* unseen(passOf(ask), seen);
    resting = isSame(pass.keys, last.keys);
    last = pass;
  }
  const total = last.totals.at(-1);
  if (total !== undefined && seen.size < total) throw short(seen.size, total);
}

/**
 * One page is not sure either: whoever was the first of page 2 may have moved up to page 1, and page 2 is then empty. Nor
 * is a page with fewer rows than were asked for, since FYI may give fewer. That as many went as came, without a trace in
 * the count, is left to chance.
 */
function isSure({ keys, pages, totals }: Pass): boolean {
  return keys.size === 0 || (totals.length >= pages && totals.every((total) => total === keys.size));
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((key) => b.has(key));
}

async function* unseen(
  pass: AsyncGenerator<readonly ListRow[], Pass>,
  seen: Set<string>,
): AsyncGenerator<readonly ListRow[], Pass> {
  for (let step = await pass.next(); ; step = await pass.next()) {
    if (step.done) return step.value;
    const rows = step.value.filter(({ key }) => !seen.has(key));
    for (const { key } of rows) seen.add(key);
    if (rows.length > 0) yield rows;
  }
}

/**
 * Reads the list once. Returns only when it is known that there are no more rows: at an empty page, at a page that is
 * absent while the one before it is still there, or where FYI gives the last page again instead of an empty one.
 *
 * @throws ContactSyncError what `ask` throws; `source_incomplete` if the end cannot be told from a fault;
 *   `source_too_large` at the page cap
 */
export async function* passOf(ask: Ask, most = mostPages): AsyncGenerator<readonly ListRow[], Pass> {
  const here = new Map<string, string>();
  const totals: number[] = [];
  let pages = 0;
  let before = '';
  let repeats = 0;
  for (let page = 1; ; page += 1) {
    if (page > most) throw endless(most, here.size);
    const list = await ask(page);
    if (list === 'absent' && !(await isEnd(ask, page))) throw vanished(page);
    if (list === 'absent') break;
    if (list.rows.length === 0) {
      // Nobody came at all: then it counts that FYI may say that there is somebody.
      if (page === 1 && list.total !== null) totals.push(list.total);
      break;
    }
    if (list.total !== null) totals.push(list.total);

    const print = printOf(list.rows);
    repeats = print === before ? repeats + 1 : 0;
    before = print;
    if (repeats > 0) {
      // Only where a later page had anything new is it known that FYI pages at all.
      if (here.size >= (list.total ?? Number.POSITIVE_INFINITY) || (repeats > 1 && pages > 1)) break;
      // Once may be chance: as many rows may have been put before it as a page has.
      if (repeats > 1) throw unpaged(page, list.rows.length);
      continue;
    }
    const known = here.size;
    const rows = list.rows.map((row, index) => listRow(row, `no. ${index + 1} of page ${page}`, here));
    if (here.size > known) pages += 1;
    yield rows;
  }
  return { keys: new Set(here.keys()), pages, totals };
}

/** A gateway that is being changed says 404 too, but then to every page. */
async function isEnd(ask: Ask, page: number): Promise<boolean> {
  const last = await ask(page - 1);
  if (last === 'absent' || last.rows.length === 0) return false;
  const next = await ask(page);
  return next === 'absent' || next.rows.length === 0;
}

/** Rows move to another page when some are put before them, and then come twice. */
function listRow(row: unknown, place: string, here: Map<string, string>): ListRow {
  const print = printOf(row);
  const key = isObject(row) && (typeof row.id === 'number' || typeof row.id === 'string') ? `id ${row.id}` : print;
  const repeated = here.get(key) === print;
  here.set(key, print);
  return { row, key, place, repeated };
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

function moving(passes: number) {
  return failure(
    'source_incomplete',
    `The list of FYI changed while it was read, ${passes} times in a row, so nobody can tell whether all of it came.`,
    'Nothing was written. Run it again when fewer people work in FYI.',
  );
}

function short(seen: number, total: number) {
  return failure(
    'source_incomplete',
    `FYI says that there are ${total} clients, and ${seen} of them came.`,
    'Nothing was written. Try again; if it stays, report it: "total" may mean something else than api.ts of @contact-sync/connector-fyi says.',
  );
}
