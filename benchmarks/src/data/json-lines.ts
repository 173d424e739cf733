import { open } from 'node:fs/promises';
import type { ContactSource, Page, RawRecord } from '@contact-sync/core';

/** As much of the file as is read at once, in bytes. No line is longer. */
const chunkSize = 256 * 1024;

/**
 * The lines of a file, some at a time, each lot as whole lines with their line feeds. All lots are in the same bytes: one
 * is to be used up before the next is asked for.
 */
async function* lotsOf(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file);
  const buffer = Buffer.allocUnsafe(chunkSize);
  let filled = 0;
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
      const end = buffer.lastIndexOf(10, filled - 1) + 1;
      if (end > 0) yield buffer.subarray(0, end);
      buffer.copyWithin(0, end, filled);
      filled -= end;
    }
    if (filled > 0)
      throw new Error(`${file} does not end with a line feed, or a line is longer than ${chunkSize} bytes.`);
  } finally {
    await handle.close();
  }
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
  for await (const lot of lotsOf(file)) lots.push(Buffer.from(lot));
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
