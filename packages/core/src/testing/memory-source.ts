import { type ContactSource, type RawRecord, tenantOf, type UnreadableRow } from '../source.js';

export type MemorySourceOptions = {
  /** Connector and tenant, for example `ledger:t1`. */
  readonly source: string;
  /** Who answers; the tenant of `source` unless said. Null: the system does not tell. */
  readonly tenant?: string | null | undefined;
  /** Looked at anew by each read, as are the other rows. */
  readonly records: readonly RawRecord[];
  readonly unreadable?: readonly UnreadableRow[] | undefined;
  readonly skipped?: Readonly<Record<string, number>> | undefined;
  /** Records of a page; 100 unless said. */
  readonly pageSize?: number | undefined;
  /** Called before each page, counted from 1. What it throws, the read throws; while it waits, the read waits. */
  readonly beforePage?: ((page: { number: number; signal: AbortSignal }) => void | Promise<void>) | undefined;
};

/**
 * A source that hands over what it is given: the reference for connectors, and for tests of programs that read from
 * one. An empty one hands over one page without records.
 *
 * @throws RangeError if `pageSize` is no whole number above 0
 */
export function memorySource(options: MemorySourceOptions): ContactSource {
  const { source, tenant = tenantOf(source), pageSize = 100, beforePage } = options;
  if (!Number.isInteger(pageSize) || pageSize < 1) throw new RangeError('pageSize must be a whole number above 0');
  return {
    source,
    async *read({ signal }) {
      const { records, unreadable = [], skipped = {} } = options;
      for (let number = 1; number === 1 || (number - 1) * pageSize < records.length; number += 1) {
        signal.throwIfAborted();
        await beforePage?.({ number, signal });
        yield {
          records: records.slice((number - 1) * pageSize, number * pageSize),
          unreadable: number === 1 ? unreadable : [],
          skipped: number === 1 ? skipped : {},
        };
      }
      signal.throwIfAborted();
      return { complete: true, tenant };
    },
  };
}
