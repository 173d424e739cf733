export type Random = {
  /** From 0 to below 1. */
  share(): number;
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  chance(share: number): boolean;
  of<T>(values: readonly [T, ...T[]]): T;
};

/** Numbers that look random and come from the seed alone: mulberry32, with neighbouring seeds spread far apart. */
export function random(seed: number): Random {
  let state = Math.imul(seed ^ (seed >>> 16), 0x9e3779b1) | 0;
  const share = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(share() * end);
  return {
    share,
    below,
    chance: (limit) => share() < limit,
    of: (values) => values[below(values.length)] ?? values[0],
  };
}
