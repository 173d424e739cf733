import { createHash } from 'node:crypto';

/** A stream of choices that a name decides: the same name, the same choices, on every machine. */
export type Draw = {
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  of<Choice>(choices: readonly [Choice, ...Choice[]] | readonly Choice[]): Choice;
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean;
};

export function drawFor(name: string): Draw {
  // More than is drawn for any household; read again from its beginning should it ever not be.
  const bytes = createHash('shake256', { outputLength: 1024 }).update(name).digest();
  let at = 0;
  const below = (count: number): number => {
    const number = bytes.readUInt32BE(at);
    at = (at + 4) % bytes.length;
    return number % count;
  };
  return {
    below,
    of: (choices) => {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new RangeError('There is nothing to choose from.');
      return choice;
    },
    chance: (percent) => below(100) < percent,
  };
}
