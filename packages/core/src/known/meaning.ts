import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import metadata from 'libphonenumber-js/max/metadata';
import type { Policy } from '../policy.js';

/** To be raised whenever the same row may be judged in another way than before: canonical text, validity. */
const rules = 1;

let plans: string | undefined;

/**
 * Everything besides a row that decides what it says: rows are hashed under a key that is made from this, so that none is
 * known any more once it changes. `mapping` is null for records that the connector has read itself.
 */
export function meaning(mapping: string | null, { region, invalidPhone }: Policy): string {
  // The numbering plans decide which phones are valid, and come with whatever version of the library is installed.
  plans ??= bytesToHex(sha256(utf8ToBytes(JSON.stringify(metadata))));
  return JSON.stringify([rules, plans, region, invalidPhone, mapping]);
}
