import type { Mix } from './data/mix.ts';
import type { Measure } from './perform.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** What was measured in one round of a line. */
export type Result = {
  readonly arm: string;
  readonly mix: Mix;
  readonly size: number;
  readonly round: number;
} & Measure;

/** A number of a result: `time`, `cpu`, `memory`, or the name of a part. */
export type Figure = string;

function figureOf(result: Result, figure: Figure): number {
  if (figure === 'time' || figure === 'cpu' || figure === 'memory') return result[figure];
  return result.parts[figure] ?? Number.NaN;
}

export type Place = { readonly arm: string; readonly mix: Mix; readonly size: number };

/** Questions to the results of a command. */
export function resultsOf(results: readonly Result[]) {
  const at = ({ arm, mix, size }: Place) =>
    results.filter((result) => result.arm === arm && result.mix === mix && result.size === size);
  return {
    all: results,
    spread(place: Place, figure: Figure = 'time'): Spread | null {
      return spreadOf(at(place).map((result) => figureOf(result, figure)));
    },
    /** How many times the figure of `b` that of `a` is, round by round: what slows a machine down slows both. */
    ratio(a: Place, b: Place, figure: Figure = 'time'): Spread | null {
      const others = new Map(at(b).map((result) => [result.round, figureOf(result, figure)]));
      const ratios = at(a).flatMap((result) => {
        const other = others.get(result.round);
        return other === undefined ? [] : [figureOf(result, figure) / other];
      });
      return spreadOf(ratios);
    },
  };
}

export type Results = ReturnType<typeof resultsOf>;
