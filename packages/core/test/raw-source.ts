/** A source that hands its rows over unread. */
import type { Complete, ContactSource, Page, RawRecord } from '../src/index.js';

/** Each record as a line of JSON; `onRead` is told of every row that is read. */
export function rawSource(
  { source, read }: ContactSource,
  options: { mapping?: string; onRead?: (record: RawRecord) => void } = {},
): ContactSource {
  const { mapping = 'lines 1', onRead } = options;
  return {
    source,
    async *read(given): AsyncGenerator<Page, Complete, void> {
      const pages = read(given);
      for (;;) {
        const step = await pages.next();
        if (step.done) return step.value;
        const { records, ...page } = step.value;
        const lines = records.map((record) => new TextEncoder().encode(JSON.stringify(record)));
        const bounds: number[] = [];
        const bytes: number[] = [];
        for (const line of lines) {
          bounds.push(bytes.length, bytes.length + line.length);
          bytes.push(...line);
        }
        const rowAt = (row: number): RawRecord => {
          const text = new TextDecoder().decode(lines[row]);
          const record = JSON.parse(text) as RawRecord;
          onRead?.(record);
          return record;
        };
        const raw = { bytes: Uint8Array.from(bytes), bounds: Uint32Array.from(bounds), mapping };
        yield { ...page, records: [], raw: { ...raw, read: (row) => ({ record: rowAt(row) }) } };
      }
    },
  };
}
