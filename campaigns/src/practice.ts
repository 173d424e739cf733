import {
  type Contact,
  type ContactSource,
  type ContactStore,
  type PolicyInput,
  planImport,
  type RawRecord,
} from '@contact-sync/core';
import { memorySource } from '@contact-sync/core/testing';
import { sync } from '@contact-sync/runner';
import { random } from './random.js';

/** A practice whose records change, made from a seed: what is synced again and again while it is disturbed. */

export const source = 'xpm:practice';
export const actor = 'campaign';
/** Everything may change at once here; guards are tried elsewhere. */
export const policy: PolicyInput = { manyMissing: 1, manyChanged: 1 };

/** The moment of the n-th state of the practice. */
export function moment(n: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + n * 60_000);
}

/**
 * The records of the n-th state. About a quarter of the ids are absent from any state; of the others most say the same as
 * in the state before, some have another phone, some another name.
 */
export function recordsAt(seed: number, n: number, size: number): RawRecord[] {
  const records: RawRecord[] = [];
  for (let index = 0; index < size; index += 1) {
    const lot = random(seed * 7919 + index);
    // An id changes what it says at states of its own, so that two states differ in part of the records only.
    const every = 1 + lot.below(4);
    const era = Math.floor((n + lot.below(every)) / every);
    const says = random(seed * 104_729 + index * 31 + era);
    if (says.chance(0.2)) continue;
    records.push({
      externalId: `record-${index}`,
      name: says.chance(0.3) ? `Person ${index} of era ${era}` : `Person ${index}`,
      email: `person${index}@example.com`,
      phone: says.chance(0.5) ? `+614${String(10_000_000 + says.below(89_999_999))}` : null,
    });
  }
  return records;
}

/** Contacts that people made; some say what a record will say. */
function contactsByHand(seed: number, size: number): Contact[] {
  const lot = random(seed + 17);
  return Array.from({ length: Math.ceil(size / 10) }, (_, index) => {
    const about = lot.below(size);
    return {
      id: String(index + 1),
      name: lot.chance(0.7) ? `Person ${about}` : `Somebody ${index}`,
      email: `person${about}@example.com`,
      phone: null,
      recordType: 'manual',
      forcedManual: false,
      link: null,
      missingSince: null,
    };
  });
}

/** A book with contacts by hand, after a sync of state 0. */
export async function startBook(store: ContactStore, seed: number, size: number): Promise<void> {
  const at = moment(0).toISOString();
  const { version } = await store.head();
  await store.apply(planImport(contactsByHand(seed, size), { base: version, at, actor }));
  await syncState(store, seed, 0, size);
}

export function syncState(store: ContactStore, seed: number, n: number, size: number) {
  const records = recordsAt(seed, n, size);
  const why = `state ${n}`;
  return sync({ source: memorySource({ source, records }), store, actor, why, policy, now: () => moment(n) });
}

/** A sync that sees whatever state the practice is in when it is read, which is not when the sync begins. */
export async function syncNow(store: ContactStore, seed: number, size: number, stateNow: () => number) {
  let state = 0;
  const practice: ContactSource = {
    source,
    read(options) {
      state = stateNow();
      return memorySource({ source, records: recordsAt(seed, state, size) }).read(options);
    },
  };
  const { outcome, run } = await sync({ source: practice, store, actor, policy, now: () => moment(1) });
  return { outcome, run, state };
}
