import type { KeptRows } from '../store.js';
import { type PackedChunk, unpackChunk } from './chunk.js';
import type { RowHash } from './row-hash.js';

/*
 * What a book knows of the rows of a source, from its last sync: for every contact that is linked to the source, its
 * external id, and, where the contact says exactly what its row said and nothing about it needs a look, the hash of that
 * row. Such a row need not be read as long as its hash comes again and nobody touched the contact: it is unchanged.
 */

const dead = 0;
/** The row is known by its hash. */
const proven = 1;
/** It was, until something touched the contact. */
const doubted = 2;
/** Only the link is known. */
const linked = 3;

export type KnownRows = {
  readonly kept: KeptRows;
  /** Entries that stand, of either kind. */
  readonly live: number;
  readonly total: number;
  readonly chunks: number;
  /** How many rows of the read were found; each once. */
  passed(): number;
  /** Whether the row with this hash is known. Remembers its place in the read, and every further one with the same bytes. */
  pass(low: number, high: number, place: number): boolean;
  /** The entries of rows that came more than once, and the places of the further ones. */
  readonly repeats: ReadonlyMap<number, readonly number[]>;
  /** Every entry that stands, with its id, in order. Makes all ids into strings, chunk by chunk. */
  entries(): Generator<Entry, void, void>;
  /** Those of them whose row did not come. To be asked for only when the read is over. */
  absent(): readonly Entry[];
};

export type Entry = {
  readonly number: number;
  readonly id: string;
  /** `doubted`: its chunk says proven still, so it has to go from there. */
  readonly state: 'proven' | 'doubted' | 'linked';
  /** Where the row is in the read; null where the read did not contain it. */
  readonly place: number | null;
  readonly hash: RowHash;
};

/** `trusted` false: nothing is known by its hash, so that every row is read. */
export function knownRows(kept: KeptRows, trusted = true): KnownRows {
  const chunks = readable(kept);
  const total = chunks.reduce((sum, { length }) => sum + length, 0);
  const state = new Uint8Array(total);
  const lows = new Int32Array(total);
  const highs = new Int32Array(total);
  let first = 0;
  for (const chunk of chunks) {
    lows.set(chunk.lows, first);
    highs.set(chunk.highs, first);
    state.fill(proven, first, first + chunk.lows.length);
    state.fill(linked, first + chunk.lows.length, first + chunk.length);
    for (let at = 0; at < chunk.removed.length; at += 1) state[chunk.removed[at] ?? total] = dead;
    first += chunk.length;
  }

  /** The entries that stand, with their ids; those that are not wanted are passed by, and cost next to nothing. */
  function* ids(isWanted: (number: number) => boolean): Generator<readonly [number, string], void, void> {
    let first = 0;
    for (const chunk of chunks) {
      for (let index = 0; index < chunk.length; index += 1) {
        const number = first + index;
        if (state[number] !== dead && isWanted(number)) yield [number, chunk.id(index)];
      }
      first += chunk.length;
    }
  }

  if (kept.touched.length > 0) {
    const touched = new Set(kept.touched);
    for (const [number, id] of ids(all)) if (touched.has(id) && state[number] === proven) state[number] = doubted;
  }

  let live = 0;
  let hashes = 0;
  for (let number = 0; number < total; number += 1) {
    if (state[number] !== dead) live += 1;
    if (state[number] === proven) hashes += 1;
  }

  // Open addressing: a slot has the number of an entry and one, or nothing.
  const mask = trusted ? slotsFor(hashes) - 1 : 0;
  const slots = new Int32Array(mask + 1);
  for (let number = 0; trusted && number < total; number += 1) {
    if (state[number] !== proven) continue;
    let slot = (lows[number] ?? 0) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = (slots[slot] ?? 0) - 1;
      if (lows[other] !== lows[number] || highs[other] !== highs[number]) continue;
      // Two rows with one hash, once in many millions of books: neither is known by it.
      state[other] = doubted;
      state[number] = doubted;
    }
    slots[slot] = number + 1;
  }

  // The place in the read and one.
  const places = new Uint32Array(total);
  const repeats = new Map<number, number[]>();
  let passed = 0;
  let next = 0;
  let absent: Entry[] | undefined;

  /** The number of the entry with this hash; -1 where there is none. */
  function find(low: number, high: number): number {
    // Most sources say their rows in the order of the last time. What stands in a row is looked at far faster than a table.
    if (lows[next] === low && highs[next] === high && state[next] === proven) return next;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const number = (slots[slot] ?? 0) - 1;
      if (number < 0) return -1;
      if (lows[number] === low && highs[number] === high) return state[number] === proven ? number : -1;
    }
  }

  function* entries(): Generator<Entry, void, void> {
    for (const [number, id] of ids(all)) yield entryOf(number, id);
  }

  function entryOf(number: number, id: string): Entry {
    const place = places[number] ?? 0;
    return {
      number,
      id,
      state: state[number] === proven ? 'proven' : state[number] === doubted ? 'doubted' : 'linked',
      place: place === 0 ? null : place - 1,
      hash: { low: lows[number] ?? 0, high: highs[number] ?? 0 },
    };
  }

  function findAbsent(): Entry[] {
    const found: Entry[] = [];
    if (passed === live) return found;
    for (const [number, id] of ids((one) => places[one] === 0)) found.push(entryOf(number, id));
    return found;
  }

  return {
    kept,
    live,
    total,
    chunks: chunks.length,
    repeats,
    passed: () => passed,
    pass(low, high, place) {
      const number = trusted ? find(low, high) : -1;
      if (number < 0) return false;
      next = number + 1;
      if (places[number] === 0) {
        places[number] = place + 1;
        passed += 1;
      } else {
        const more = repeats.get(number);
        if (more === undefined) repeats.set(number, [place]);
        else more.push(place);
      }
      return true;
    },
    entries,
    absent() {
      absent ??= findAbsent();
      return absent;
    },
  };
}

const all = () => true;

/** All chunks, or none: what one of them removes is in others. */
function readable({ chunks }: KeptRows): PackedChunk[] {
  const unpacked = chunks.flatMap((chunk) => unpackChunk(chunk) ?? []);
  return unpacked.length === chunks.length ? unpacked : [];
}

/** A power of two, so that at most half of the slots are taken, and one at least stays free. */
function slotsFor(entries: number): number {
  let slots = 2;
  while (slots < entries * 2) slots *= 2;
  return slots;
}
