import { createHash } from 'node:crypto';
import type { Contact } from '@contact-sync/core';

/** A contact as every arm can tell it. */
export type PlainContact = Pick<Contact, 'name' | 'email' | 'phone' | 'recordType' | 'forcedManual'> & {
  readonly id: number;
  readonly source: string | null;
  readonly externalId: string | null;
};

/** Collects contacts in any order; equal books have equal digests. */
export function bookDigest() {
  let sum = 0n;
  let contacts = 0;
  return {
    add({ id, name, email, phone, recordType, forcedManual, source, externalId }: PlainContact): void {
      const values = [id, name, email, phone, recordType, forcedManual, source, externalId];
      sum += createHash('sha256').update(JSON.stringify(values)).digest().readBigUInt64LE();
      contacts += 1;
    },
    /** How many, and the sum of their hashes. */
    end: () => `${contacts} contacts ${BigInt.asUintN(64, sum).toString(16).padStart(16, '0')}`,
  };
}
