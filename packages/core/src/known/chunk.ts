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

/** A chunk that was read; an id is made into a string only when it is asked for. */
export type PackedChunk = Omit<Chunk, 'ids'> & { readonly length: number; id(index: number): string };

/** Also tells the order of bytes: a book that was moved to a machine of the other order has no known rows there. */
const format = 0x63_73_72_01;
const headWords = 4;

/** Format, numbers of entries, hashes and removed, in words of 32 bits; these; where each id ends; the ids, in JSON. */
export function packChunk({ ids, lows, highs, removed }: Chunk): Uint8Array {
  // JSON, since an id may hold half of a surrogate pair, which UTF-8 has no bytes for.
  const texts = ids.map((id) => JSON.stringify(id));
  const text = new TextEncoder().encode(texts.join(''));
  const words = new Int32Array(headWords + lows.length * 2 + removed.length + ids.length);
  words.set([format, ids.length, lows.length, removed.length]);
  words.set(lows, headWords);
  words.set(highs, headWords + lows.length);
  words.set(removed, headWords + lows.length * 2);
  words.set(endsOf(texts, text.length), headWords + lows.length * 2 + removed.length);
  const bytes = new Uint8Array(words.byteLength + text.length);
  bytes.set(new Uint8Array(words.buffer));
  bytes.set(text, words.byteLength);
  return bytes;
}

/** Where each of the texts ends, in bytes; there are so many in all. */
function endsOf(texts: readonly string[], bytes: number): Uint32Array {
  const isAscii = texts.reduce((sum, { length }) => sum + length, 0) === bytes;
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (const [index, text] of texts.entries()) {
    end += isAscii ? text.length : new TextEncoder().encode(text).length;
    ends[index] = end;
  }
  return ends;
}

/** Null where it is no chunk of this format: whoever asks does without. */
export function unpackChunk(given: Uint8Array): PackedChunk | null {
  // Words begin at whole words.
  const bytes = given.byteOffset % 4 === 0 ? given : given.slice();
  const total = Math.floor(bytes.length / 4);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, total);
  const [kind, length = 0, hashes = 0, removed = 0] = words;
  const textAt = headWords + hashes * 2 + removed + length;
  if (kind !== format || length < hashes || hashes < 0 || removed < 0 || textAt > total) return null;
  const some = (from: number, count: number) => words.subarray(headWords + from, headWords + from + count);
  const ends = some(hashes * 2 + removed, length);
  const text = bytes.subarray(textAt * 4);
  if ((ends.at(-1) ?? 0) > text.length) return null;
  const decoder = new TextDecoder();
  return {
    length,
    lows: some(0, hashes),
    highs: some(hashes, hashes),
    removed: some(hashes * 2, removed),
    id: (index) => String(JSON.parse(decoder.decode(text.subarray(ends[index - 1] ?? 0, ends[index])))),
  };
}
