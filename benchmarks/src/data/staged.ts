import { canonicalText, type RawRecord, validPhone } from '@contact-sync/core';
import { plainKey } from '../books/plain.ts';
import { linesOf } from './json-lines.ts';

/** A record as the engines that decide in SQL or in columns get it. `seq` counts the records from 1. */
export type StagedRow = readonly [
  seq: number,
  externalId: string,
  name: string,
  email: string,
  phone: string | null,
  key: string,
];

export const stagedColumns = ['seq', 'external_id', 'name', 'email', 'phone', 'key'] as const;

/**
 * The records of a file, made canonical with contact-sync's own functions, which are faster than what its peers would
 * otherwise use: so what is compared is the engines.
 */
export async function* stagedRows(input: string): AsyncGenerator<StagedRow[]> {
  let seq = 0;
  for await (const lines of linesOf(input)) {
    yield lines.map((line) => {
      const record: RawRecord = JSON.parse(line);
      const name = canonicalText(record.name ?? '');
      const email = canonicalText(record.email ?? '');
      const phone = record.phone === null ? null : validPhone(canonicalText(record.phone), 'AU');
      seq += 1;
      return [seq, record.externalId, name, email, phone, plainKey({ name, email })];
    });
  }
}
