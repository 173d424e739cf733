import type { Arm } from './arm.ts';
import { armNamed } from './arms/all.ts';
import { type Mix, mixes } from './data/mix.ts';

/** An arm with one size of one mix: what is run once a round. */
export type Line = {
  readonly arm: Arm;
  readonly mix: Mix;
  readonly size: number;
  /** Needed for a goal, and never left out; the others are where time is short. */
  readonly must: boolean;
};

const must: Readonly<Record<Mix, readonly string[]>> = {
  first: ['ours-sqlite', 'rewrite-sqlite', 'ours-postgres', 'rewrite-postgres'],
  steady: ['ours-sqlite', 'parse-json', 'ours-postgres'],
};
/** Where time is short, those in front come first. */
const peers: Readonly<Record<Mix, readonly string[]>> = {
  first: [
    'home-made',
    'ours-decision',
    'duckdb-decision',
    'duckdb-merge',
    'polars-join',
    'sqlite-set',
    'postgres-merge',
  ],
  steady: [
    'home-made',
    'ours-decision',
    'duckdb-decision',
    'ours-sqlite-records',
    'duckdb-merge',
    'polars-join',
    'sqlite-set',
    'postgres-merge',
  ],
};
/** So slow that more records would show nothing but patience. */
const loops = ['kysely-sqlite', 'kysely-postgres'];
const mostOfLoops = 10_000;

/** Lines that have sizes of their own. */
const others: readonly { readonly arms: readonly string[]; readonly sizes: readonly number[] }[] = [
  { arms: ['parse-xml', 'read-xpm'], sizes: [100_000] },
  { arms: ['read-xpm'], sizes: [200_000] },
  { arms: ['ours-firms'], sizes: [100_000] },
  { arms: ['ours-phones', 'library-phones'], sizes: [300_000] },
  { arms: ['ours-version', 'node-memory'], sizes: [1] },
];

export const defaultSizes = [10_000, 100_000, 1_000_000] as const;

/** What is run, in lots: the lines of a lot are run in turn. Sizes larger than the largest asked for are left out. */
export function plan(sizes: readonly number[], only: readonly string[]): Line[][] {
  const largest = Math.max(...sizes);
  const line = (name: string, mix: Mix, size: number, needed: boolean): Line[] =>
    only.length === 0 || only.includes(name) ? [{ arm: armNamed(name), mix, size, must: needed }] : [];
  const small = others.map(({ arms, sizes: own }) =>
    own.flatMap((size) => (size > largest ? [] : arms.flatMap((name) => line(name, 'steady', size, true)))),
  );
  const large = sizes.map((size) =>
    mixes.flatMap((mix) => [
      ...must[mix].flatMap((name) => line(name, mix, size, true)),
      ...[...peers[mix], ...(size <= mostOfLoops ? loops : [])].flatMap((name) => line(name, mix, size, false)),
    ]),
  );
  return [...small, ...large].filter((lot) => lot.length > 0);
}
