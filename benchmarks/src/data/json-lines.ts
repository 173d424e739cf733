import { createReadStream } from 'node:fs';
import type { ContactSource, RawRecord } from '@contact-sync/core';

/** As much of the file as is read at once, in bytes. */
const chunkSize = 256 * 1024;

/** The lines of a file, some at a time, each lot as one text without the last line feed. */
export async function* linesOf(file: string): AsyncGenerator<string[]> {
  let begun: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: chunkSize })) {
    const end = chunk.lastIndexOf(10);
    if (end === -1) {
      begun = Buffer.concat([begun, chunk]);
      continue;
    }
    const text =
      begun.length === 0 ? chunk.toString('utf8', 0, end) : Buffer.concat([begun, chunk.subarray(0, end)]).toString();
    begun = chunk.subarray(end + 1);
    yield text.split('\n');
  }
  if (begun.length > 0) throw new Error(`${file} does not end with a line feed.`);
}

/** The benchmark's connector: JSON lines of a file, a page for every lot that is read. */
export function jsonLinesSource(file: string, source: string): ContactSource {
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
