import metadata from 'libphonenumber-js/max/metadata';
import type { Policy } from '../policy.js';
import { keyFor, type RowKey } from './row-hash.js';

/** To be raised whenever the same row may be judged in another way than before: canonical text, validity. */
const rules = 1;

let plans: RowKey | undefined;

/**
 * Everything besides a row that decides what it says: rows are hashed under a key that is made from this, so that none is
 * known any more once it changes. `mapping` is null for records that the connector has read itself.
 */
export function meaning(mapping: string | null, { region, invalidPhone }: Policy): string {
  // The numbering plans decide which phones are valid, and come with whatever version of the library is installed.
  plans ??= keyFor(new Uint8Array(8), JSON.stringify(metadata));
  return JSON.stringify([rules, plans, region, invalidPhone, mapping]);
}
