import { type CsvError, type Parser, parse } from 'csv-parse';
import { parse as parseNow } from 'csv-parse/sync';
import { unreadable } from './errors.js';
import type { Row } from './map.js';
import { newlines } from './text.js';
import { unwrapFormulas } from './unwrap.js';

/** Characters of one row, and of all that stands before the second one. */
const maxRow = 1024 * 1024;
const delimiters = [',', ';', '\t'];

/**
 * The rows of a CSV text, the heading line first, as they come. Lines without anything are left out. The delimiter is
 * that under which most headings are known, unless a first line `sep=;` says it.
 *
 * @param knownIn how many of these headings are known
 * @throws ContactSyncError `source_unreadable` with line and column, where quotation marks do not fit together or a row
 * has no end
 */
export async function* rowsOf(
  texts: AsyncIterable<string>,
  knownIn: (headings: readonly string[]) => number,
): AsyncGenerator<readonly Row[], void> {
  let head = '';
  let reader: ReturnType<typeof rowReader> | undefined;
  for await (const text of texts) {
    if (reader !== undefined) {
      yield await reader.write(text);
      continue;
    }
    head += text;
    const start = startOf(head, false, knownIn);
    if (start === null) continue;
    reader = rowReader(start);
    yield await reader.write(start.rest);
  }
  const start = reader === undefined ? startOf(head, true, knownIn) : null;
  if (start !== null) {
    reader = rowReader(start);
    yield await reader.write(start.rest);
  }
  if (reader !== undefined) yield await reader.end();
}

type Start = { readonly delimiter: string; readonly line: number; readonly rest: string };

/** Where the heading line begins, and its delimiter; null while it has not come whole. */
function startOf(head: string, ended: boolean, knownIn: (headings: readonly string[]) => number): Start | null {
  // Half a line end, perhaps.
  if (!ended && head.endsWith('\r')) return null;
  const blank = /^\s*/.exec(head)?.[0] ?? '';
  // A tab may be an empty first heading.
  const before = blank.slice(0, Math.max(blank.lastIndexOf('\n'), blank.lastIndexOf('\r')) + 1);
  const told = /^(?:sep=(.)|"sep=(.)")(?:\r\n|\n|\r)/i.exec(head.slice(before.length));
  if (told !== null) {
    const rest = head.slice(before.length + told[0].length);
    return { delimiter: told[1] ?? told[2] ?? ',', line: newlines(before) + 2, rest };
  }
  const rest = head.slice(before.length);
  const heading = headingIn(rest) ?? (ended ? rest : null);
  if (heading === null) {
    if (rest.length > maxRow) throw tooLong(newlines(before) + 1);
    return null;
  }
  if (heading === '') return null;
  const scores = delimiters.map((delimiter) => {
    const headings = headingsOf(heading, delimiter);
    return { delimiter, known: knownIn(headings), cells: headings.length };
  });
  const [best] = scores.toSorted((a, b) => b.known - a.known || b.cells - a.cells);
  return { delimiter: best?.delimiter ?? ',', line: newlines(before) + 1, rest };
}

/** Up to the first line end that is not within quotation marks. */
function headingIn(text: string): string | null {
  let quoted = false;
  for (const { 0: sign, index } of text.matchAll(/"|\r\n|[\r\n]/g)) {
    if (sign === '"') quoted = !quoted;
    else if (!quoted) return text.slice(0, index);
  }
  return null;
}

function headingsOf(heading: string, delimiter: string): readonly string[] {
  const [headings = []] = parseNow(heading, { delimiter, relax_quotes: true, max_record_size: maxRow });
  return headings;
}

function rowReader({ delimiter, line: firstLine }: Start) {
  let line = firstLine;
  let rows: Row[] = [];
  const unwrap = unwrapFormulas(delimiter);
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: maxRow,
    // Kept here and not handed on: only here is the line known at which an error is met.
    on_record: (cells: string[]) => {
      const row = { cells, line };
      line += 1 + cells.reduce((sum, cell) => sum + newlines(cell), 0);
      if (cells.length > 1 || cells[0] !== '') rows.push(row);
      return null;
    },
  });
  // Told by the call that met it.
  parser.on('error', () => undefined);

  async function done(step: (callback: (error?: Error | null) => void) => void): Promise<readonly Row[]> {
    try {
      await new Promise<void>((resolve, reject) => {
        step((error) => (error == null ? resolve() : reject(error)));
      });
    } catch (error) {
      throw problemOf(error as CsvError, line);
    }
    const ready = rows;
    rows = [];
    return ready;
  }

  return {
    write: (text: string) => done((callback) => parser.write(unwrap(text), callback)),
    end: () => done((callback) => endOf(parser, unwrap(), callback)),
  };
}

function endOf(parser: Parser, last: string, callback: (error?: Error | null) => void): void {
  parser.once('error', callback);
  parser.end(last, () => callback());
}

/** In our own words: the parser's quote the row. */
function problemOf({ code, column }: CsvError, line: number): Error {
  const where = `line ${line}, column ${(typeof column === 'number' ? column : 0) + 1}`;
  if (code === 'CSV_MAX_RECORD_SIZE') return tooLong(line);
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    const hint = 'Perhaps it was cut off; or correct the row, in which a quotation mark is missing.';
    return unreadable(`ends within quotation marks that open in the row of ${where}`, hint);
  }
  const hint =
    'Correct the row: a cell with quotation marks in it stands in quotation marks, and those in it are doubled.';
  return unreadable(`has a quotation mark that fits nowhere, in the row of ${where}`, hint);
}

function tooLong(line: number): Error {
  const hint = 'Correct the row; most often a quotation mark is missing.';
  return unreadable(`has a row of more than ${maxRow} characters, which begins on line ${line}`, hint);
}
