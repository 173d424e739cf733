import { type ContactSource, pageOf, sourceName } from '@contact-sync/core';
import { fileBytes, streamBytes } from './bytes.js';
import { type Columns, columnsOf, knownHeadings } from './columns.js';
import { failure, unreadable } from './errors.js';
import { type Outcome, outcomeOf, type Row } from './map.js';
import { rowsOf } from './rows.js';
import type { CsvOptions } from './settings.js';
import { textOf } from './text.js';

/** Rows of a page: records, unreadable and skipped ones together. */
const pageSize = 500;

export function sourceOf({ name }: Pick<CsvOptions, 'name'>): string {
  return sourceName('csv', name);
}

export function csvSource(options: CsvOptions): ContactSource {
  return {
    source: sourceOf(options),
    async *read({ signal }) {
      checkCancelled(signal);
      let columns: Columns | undefined;
      let outcomes: Outcome[] = [];
      let last: Row | undefined;
      const text = watched(textOf(bytesOf(options, signal), options.encoding));
      try {
        for await (const rows of rowsOf(text.pieces, (headings) => knownHeadings(headings, options))) {
          for (const row of rows) {
            if (columns === undefined) {
              columns = columnsOf(row.cells, row.line, options);
              continue;
            }
            last = row;
            outcomes.push(outcomeOf(row, columns));
          }
          while (outcomes.length >= pageSize) {
            checkCancelled(signal);
            yield pageOf(outcomes.slice(0, pageSize));
            outcomes = outcomes.slice(pageSize);
          }
        }
      } catch (error) {
        checkCancelled(signal);
        throw error;
      }
      checkCancelled(signal);
      if (columns === undefined)
        throw unreadable('is empty', 'A list of nobody still has its first line, with the headings.');
      if (last !== undefined && last.cells.length < columns.width && !text.endsLine()) throw cutOff(last.line);
      yield pageOf(outcomes);
      // Nothing in a file says whose it is.
      return { complete: true, tenant: null };
    },
  };
}

function bytesOf({ file, open, stdin }: CsvOptions, signal: AbortSignal): AsyncIterable<Uint8Array> {
  return file === '-' ? streamBytes(stdin ?? process.stdin, signal) : fileBytes(file, open, signal);
}

/** The pieces of a text, and whether the last one ended a line. */
function watched(texts: AsyncIterable<string>) {
  let end = '';
  async function* pieces() {
    for await (const text of texts) {
      end = text.at(-1) ?? end;
      yield text;
    }
  }
  return { pieces: pieces(), endsLine: () => end === '\n' || end === '\r' };
}

/** Rows that were read before are not handed over either. */
function checkCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw failure('cancelled', 'The read of the file was cancelled.', 'Nothing was written. Run it again when you like.');
}

function cutOff(line: number): Error {
  const hint = 'Nothing was written. It was probably cut off; get it anew.';
  return failure('source_incomplete', `The file ends in the middle of its last row, on line ${line}.`, hint);
}
