import { createReadStream } from 'node:fs';
import type { ContactSource, Page, RawRecord } from '@contact-sync/core';

/** As much of the file as is read at once, in bytes. */
const chunkSize = 256 * 1024;

/** The lines of a file, some at a time, each lot as whole lines with their line feeds. */
async function* lotsOf(file: string): AsyncGenerator<Buffer> {
  let begun: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: chunkSize })) {
    const end = chunk.lastIndexOf(10) + 1;
    if (end > 0) yield begun.length === 0 ? chunk.subarray(0, end) : Buffer.concat([begun, chunk.subarray(0, end)]);
    begun = end > 0 ? chunk.subarray(end) : Buffer.concat([begun, chunk]);
  }
  if (begun.length > 0) throw new Error(`${file} does not end with a line feed.`);
}

/** The lines of a file as texts, without their line feeds. */
export async function* linesOf(file: string): AsyncGenerator<string[]> {
  for await (const lot of lotsOf(file)) yield lot.toString('utf8', 0, lot.length - 1).split('\n');
}

/**
 * The benchmark's connector: JSON lines of a file, a page for every lot that is read. Lines are handed over as they are:
 * core has one decoded when it says something new.
 */
export function jsonLinesSource(file: string, source: string): ContactSource {
  return {
    source,
    async *read({ signal }) {
      for await (const lot of lotsOf(file)) {
        signal.throwIfAborted();
        yield pageOfLines(lot);
      }
      return { complete: true, tenant: null };
    },
  };
}

/** The same from memory, where the file is already when this resolves. */
export async function loadedLinesSource(file: string, source: string): Promise<ContactSource> {
  const lots: Buffer[] = [];
  for await (const lot of lotsOf(file)) lots.push(lot);
  return {
    source,
    async *read() {
      yield* lots.map(pageOfLines);
      return { complete: true, tenant: null };
    },
  };
}

function pageOfLines(lot: Buffer): Page {
  const bounds = boundsOf(lot);
  const read = (row: number) => {
    const record: RawRecord = JSON.parse(lot.toString('utf8', bounds[row * 2], bounds[row * 2 + 1]));
    return { record };
  };
  return { records: [], unreadable: [], skipped: {}, raw: { bytes: lot, bounds, mapping: 'json lines', read } };
}

function boundsOf(lot: Buffer): Uint32Array {
  const bounds: number[] = [];
  for (let begin = 0; begin < lot.length; ) {
    const end = lot.indexOf(10, begin);
    bounds.push(begin, end);
    begin = end + 1;
  }
  return Uint32Array.from(bounds);
}

/** The same without that: every line is decoded, as by a connector that hands over records. */
export function recordsSource(file: string, source: string): ContactSource {
  return {
    source,
    async *read({ signal }) {
      for await (const lines of linesOf(file)) {
        signal.throwIfAborted();
        const records: RawRecord[] = lines.map((line) => JSON.parse(line));
        yield { records, unreadable: [], skipped: {} };
      }
      return { complete: true, tenant: null };
    },
  };
}
