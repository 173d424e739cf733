import type { Part } from './api.js';
import { failure } from './errors.js';
import type { Row } from './wire.js';

/** Rows that no page before had, and how many of this page one had. */
export type Step<Value> = {
  readonly rows: readonly Row<Value>[];
  readonly repeated: number;
  readonly requestsLeft: Readonly<Record<string, number>>;
};

type Ids<Value> = (row: Row<Value>) => string | null;

/** More than any firm has, with pages of a few rows: a list that goes on beyond has no end. */
const mostPages = 10_000;

/**
 * All rows of a list that is given in pages, while people may add and delete rows. A page begins with the last row of
 * the one before. If another row stands there, the list has moved: if it is one that was seen, rows were added and none
 * is lost; else rows have moved up, perhaps past the end of the page before. Then, and if fewer rows came than the list
 * says it has, it is read once more from its beginning, for the rows that were not seen; and if that is no better, the
 * read fails.
 *
 * @param ask gives the rows from this offset on
 * @throws ContactSyncError `source_incomplete` as said, `source_too_large` if the list does not end, and what `ask` throws
 */
export async function* walk<Value>(
  ask: (offset: number) => Promise<Part<Value>>,
  idOf: Ids<Value>,
): AsyncGenerator<Step<Value>, void> {
  const seen = new Set<string>();
  if (yield* pass(ask, idOf, seen)) return;
  if (yield* pass(ask, idOf, seen)) return;
  const message = 'BGL gave fewer contacts than it says there are, or moved them while they were read, twice.';
  throw failure('source_incomplete', message, 'Nothing was written. Run it again when fewer people work in CAS 360.');
}

/** Reads the list once, and hands over what was not seen before. False if some rows may not have come. */
async function* pass<Value>(
  ask: (offset: number) => Promise<Part<Value>>,
  idOf: Ids<Value>,
  seen: Set<string>,
): AsyncGenerator<Step<Value>, boolean> {
  const here = new Set<string>();
  let last: string | null = null;
  let offset = 0;
  let got = 0;
  for (let page = 1; page <= mostPages; page += 1) {
    const { rows: given, total, requestsLeft } = await ask(offset);
    const ids = given.map(idOf);
    const first = ids[0] ?? null;
    if (last !== null && (first === null || !here.has(first))) return false;

    const again = last !== null && first === last ? 1 : 0;
    // Rows of one page with one id are all handed over: core says whether they are the same.
    const fresh = given.filter((_, index) => index >= again && isNew(ids[index], here));
    const rows = fresh.filter((row) => isNew(idOf(row), seen));
    const before = here.size;
    for (const id of ids) {
      if (id === null) continue;
      here.add(id);
      seen.add(id);
    }
    yield { rows, repeated: given.length - again - fresh.length, requestsLeft };

    got += fresh.length;
    // Only a page without anybody new is the end: a page that is not full may have been cut short by BGL, and a total
    // that is reached may be that of the page.
    if (here.size === before) return total === null || got >= total;
    last = ids.at(-1) ?? null;
    offset += given.length - (last === null ? 0 : 1);
  }
  const message = `BGL's list of contacts does not end: ${mostPages} pages so far.`;
  throw failure('source_too_large', message, 'Nothing was written. Please report this to the author of the connector.');
}

function isNew(id: string | null | undefined, known: ReadonlySet<string>): boolean {
  return id === null || id === undefined || !known.has(id);
}
