/** Some of what is known of the rows of a source, as a store keeps it. */
export type Chunk = {
  /** External ids: first those whose row is known by its hash, then those of other linked contacts. */
  readonly ids: readonly string[];
  /** The hashes of the first, as two words each. */
  readonly lows: ArrayLike<number>;
  readonly highs: ArrayLike<number>;
  /** Entries that hold no longer, by their number in all chunks up to this one. */
  readonly removed: ArrayLike<number>;
};

/** A chunk that was read; its ids are made into strings only when they are asked for. */
export type PackedChunk = Omit<Chunk, 'ids'> & { readonly length: number; ids(): readonly string[] };

/** Also tells the order of bytes: a book that was moved to a machine of the other order has no known rows there. */
const format = 0x63_73_72_01;
const headWords = 4;

/** Format, numbers of entries, hashes and removed, in words of 32 bits; these; then the ids as JSON in UTF-8. */
export function packChunk({ ids, lows, highs, removed }: Chunk): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(ids));
  const words = new Int32Array(headWords + lows.length * 2 + removed.length);
  words.set([format, ids.length, lows.length, removed.length]);
  words.set(lows, headWords);
  words.set(highs, headWords + lows.length);
  words.set(removed, headWords + lows.length * 2);
  const bytes = new Uint8Array(words.byteLength + text.length);
  bytes.set(new Uint8Array(words.buffer));
  bytes.set(text, words.byteLength);
  return bytes;
}

/** Null where it is no chunk of this format: whoever asks does without. */
export function unpackChunk(given: Uint8Array): PackedChunk | null {
  // Words begin at whole words.
  const bytes = given.byteOffset % 4 === 0 ? given : given.slice();
  const total = Math.floor(bytes.length / 4);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, total);
  const [kind, length = 0, hashes = 0, removed = 0] = words;
  const textAt = headWords + hashes * 2 + removed;
  if (kind !== format || length < hashes || hashes < 0 || removed < 0 || textAt > total) return null;
  const some = (from: number, count: number) => words.subarray(headWords + from, headWords + from + count);
  return {
    length,
    lows: some(0, hashes),
    highs: some(hashes, hashes),
    removed: some(hashes * 2, removed),
    ids: () => JSON.parse(new TextDecoder().decode(bytes.subarray(textAt * 4))) as string[],
  };
}
