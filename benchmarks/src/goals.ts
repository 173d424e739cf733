import type { Mix } from './data/mix.ts';
import type { Place, Results } from './results.ts';
import { exponent, type Spread } from './statistics.ts';

/** A line of the table of goals. `reached` is null where it was not measured this time. */
export type Goal = {
  readonly work: string;
  readonly goal: string;
  readonly measured: string;
  readonly reached: boolean | null;
};

const million = 1_000_000;
const mebibyte = 1024 * 1024;

export function goalsOf(results: Results): Goal[] {
  const { ratio, spread } = results;
  const place = (arm: string, mix: Mix, size: number): Place => ({ arm, mix, size });
  const steady = (arm: string) => place(arm, 'steady', million);
  const first = (arm: string) => place(arm, 'first', million);

  function goal(work: string, said: string, found: Spread | null, reached: (median: number) => boolean): Goal {
    if (found === null || Number.isNaN(found.median))
      return { work, goal: said, measured: 'not measured', reached: null };
    return { work, goal: said, measured: told(found), reached: reached(found.median) };
  }
  const atMost = (work: string, what: string, most: number, found: Spread | null) =>
    goal(work, `at most ${most} ${what}`, found, (value) => value <= most);
  const atLeast = (work: string, what: string, least: number, found: Spread | null) =>
    goal(work, `at least ${least} ${what}`, found, (value) => value >= least);
  const growth = (arm: string, mix: Mix): Spread | null => {
    const small = spread(place(arm, mix, 10_000));
    const large = spread(place(arm, mix, million));
    if (small === null || large === null) return null;
    const value = exponent({ size: 10_000, time: small.median }, { size: million, time: large.median });
    return { median: value, least: value, most: value, rounds: Math.min(small.rounds, large.rounds) };
  };
  const decision = (mix: Mix) =>
    ratio(place('duckdb-decision', mix, million), place('ours-decision', mix, million), 'decide');
  const memory = () => {
    const ours = spread(steady('ours-sqlite'), 'memory');
    const node = spread(place('node-memory', 'steady', 1), 'memory');
    if (ours === null || node === null) return null;
    const bytes = (mebibytes: number) => ((mebibytes - node.median) * mebibyte) / million;
    return { ...ours, median: bytes(ours.median), least: bytes(ours.least), most: bytes(ours.most) };
  };
  const flat = () => {
    const large = spread(place('read-xpm', 'steady', 200_000), 'memory');
    const small = spread(place('read-xpm', 'steady', 100_000), 'memory');
    if (large === null || small === null) return null;
    const of = (value: number) => value / small.median;
    return { ...large, median: of(large.median), least: of(large.least), most: of(large.most) };
  };

  return [
    atMost(
      'Steady sync of 1M from JSON lines into SQLite',
      '× JSON.parse and drop',
      2,
      ratio(steady('ours-sqlite'), steady('parse-json')),
    ),
    atLeast('the same', '× faster than home-made', 12, ratio(steady('home-made'), steady('ours-sqlite'))),
    atMost(
      'First sync of 1M into SQLite',
      '× the same rows and indexes, no logic',
      1.3,
      ratio(first('ours-sqlite'), first('rewrite-sqlite')),
    ),
    atLeast('the same', '× faster than home-made', 3, ratio(first('home-made'), first('ours-sqlite'))),
    atLeast('The decision alone, first, 1M', '× as fast as DuckDB, two threads', 1, decision('first')),
    atLeast('The decision alone, steady, 1M', '× as fast as DuckDB, two threads', 1, decision('steady')),
    atMost(
      'First sync of 1M into PostgreSQL',
      '× COPY and UPDATE, no logic',
      1.3,
      ratio(first('ours-postgres'), first('rewrite-postgres')),
    ),
    atLeast(
      'First sync of 10k into PostgreSQL',
      '× faster than the loop with kysely',
      100,
      ratio(place('kysely-postgres', 'first', 10_000), place('ours-postgres', 'first', 10_000)),
    ),
    atMost(
      'Steady sync of one firm, 2,000 contacts',
      'ms of CPU',
      10,
      spread(place('ours-firms', 'steady', 100_000), 'CPU of one firm'),
    ),
    ...(['ours-sqlite', 'ours-postgres'] as const).flatMap((arm) =>
      (['first', 'steady'] as const).map((mix) =>
        atMost(`Growth from 10k to 1M, ${mix}, ${arm.slice(5)}`, '(exponent)', 1.1, growth(arm, mix)),
      ),
    ),
    atMost('Memory of a steady sync of 1M, above Node’s own', 'bytes a record', 200, memory()),
    atMost(
      'List of 100k clients of Practice Manager',
      '× saxes doing nothing',
      1.25,
      ratio(place('read-xpm', 'steady', 100_000), place('parse-xml', 'steady', 100_000)),
    ),
    atMost('its memory, 200k clients beside 100k', '× (flat)', 1.1, flat()),
    atLeast(
      'Australian phones',
      '× libphonenumber-js',
      20,
      ratio(place('library-phones', 'steady', 300_000), place('ours-phones', 'steady', 300_000)),
    ),
    atMost('contact-sync --version', '× node -e 0', 1.5, spread(place('ours-version', 'steady', 1), 'beside node')),
  ];
}

function told({ median, least, most, rounds }: Spread): string {
  const short = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
  return least === most ? short(median) : `${short(median)} (${short(least)} to ${short(most)}, ${rounds} rounds)`;
}
