import { armNamed } from './arms/all.ts';
import type { Mix } from './data/mix.ts';
import { goalsOf } from './goals.ts';
import type { Place, Results } from './results.ts';
import { exponent, type Spread } from './statistics.ts';

const mixTitles: Readonly<Record<Mix, string>> = { first: 'First sync', steady: 'Steady sync' };

/** Everything that was measured, as Markdown. */
export function tablesOf(results: Results): string {
  const sections = [`## Goals\n\n${goalTable(results)}`];
  for (const mix of ['first', 'steady'] as const) {
    for (const size of sizesOf(results, mix)) {
      sections.push(`## ${mixTitles[mix]}, ${grouped(size)}\n\n${lineTable(results, mix, size)}`);
    }
  }
  sections.push(`## Growth\n\n${growthTable(results)}`, `## What each figure includes\n\n${includesTable(results)}`);
  return `${sections.join('\n\n')}\n`;
}

function goalTable(results: Results): string {
  const words = { true: 'reached', false: '**not reached**', null: '–' };
  return markdown(
    ['Work', 'Goal', 'Measured', ''],
    goalsOf(results).map(({ work, goal, measured, reached }) => [work, goal, measured, words[`${reached}`]]),
  );
}

/** Those with the same mix and size; what they take beside the sync of contact-sync in the same kind of store. */
function lineTable(results: Results, mix: Mix, size: number): string {
  const rows = armsOf(results, mix, size).map((arm) => {
    const place = { arm, mix, size };
    const beside = besideOf(results, place);
    const figure = arm.endsWith('-decision') ? 'decide' : 'time';
    const parts = results.spread(place, 'decide');
    return [
      armNamed(arm).title,
      milliseconds(results.spread(place, figure)),
      figure === 'decide' || parts === null || Number.isNaN(parts.median) ? '' : milliseconds(parts),
      results.spread(place, 'memory')?.median.toFixed(0) ?? '',
      beside === null
        ? ''
        : `${beside.median.toPrecision(3)} (${beside.least.toPrecision(3)} to ${beside.most.toPrecision(3)})`,
      String(results.spread(place)?.rounds ?? 0),
    ];
  });
  return markdown(['', 'Time, ms', 'of which decide', 'Peak memory, MiB', 'Beside contact-sync, ×', 'Rounds'], rows);
}

const oursBeside: Readonly<Record<string, string>> = {
  'duckdb-decision': 'ours-decision',
  'library-phones': 'ours-phones',
  'parse-xml': 'read-xpm',
};

function besideOf(results: Results, place: Place): Spread | null {
  const { arm } = place;
  const ours =
    oursBeside[arm] ?? (arm.endsWith('postgres') || arm.startsWith('postgres') ? 'ours-postgres' : 'ours-sqlite');
  if (arm === ours || arm.startsWith('ours-') || arm.startsWith('read-')) return null;
  const figure = arm.endsWith('-decision') ? 'decide' : 'time';
  return results.ratio(place, { ...place, arm: ours }, figure);
}

/** The exponents of growth between the sizes that were run. */
function growthTable(results: Results): string {
  const rows = armsOf(results).flatMap((arm) =>
    (['first', 'steady'] as const).flatMap((mix) => {
      const times = sizesOf(results, mix).flatMap((size) => {
        const time = results.spread({ arm, mix, size }, arm.endsWith('-decision') ? 'decide' : 'time')?.median;
        return time === undefined ? [] : [{ size, time }];
      });
      const steps = times.slice(1).map((large, index) => {
        const small = times[index] ?? large;
        return `${short(small.size)} to ${short(large.size)}: ${exponent(small, large).toFixed(2)}`;
      });
      return steps.length === 0 ? [] : [[armNamed(arm).title, mixTitles[mix], steps.join(', ')]];
    }),
  );
  return rows.length === 0 ? 'One size was run.' : markdown(['', '', 'Exponents'], rows);
}

function includesTable(results: Results): string {
  return markdown(
    ['', 'Includes'],
    armsOf(results).map((arm) => [armNamed(arm).title, armNamed(arm).includes]),
  );
}

function armsOf(results: Results, mix?: Mix, size?: number): string[] {
  const fitting = results.all.filter(
    (result) => (mix === undefined || result.mix === mix) && (size === undefined || result.size === size),
  );
  return [...new Set(fitting.map(({ arm }) => arm))];
}

function sizesOf(results: Results, mix: Mix): number[] {
  const sizes = results.all.filter((result) => result.mix === mix).map(({ size }) => size);
  return [...new Set(sizes)].sort((a, b) => a - b);
}

function milliseconds(spread: Spread | null): string {
  if (spread === null) return '';
  const { median, least, most } = spread;
  const rounded = (value: number) => grouped(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
  return least === most ? rounded(median) : `${rounded(median)} (${rounded(least)} to ${rounded(most)})`;
}

export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function grouped(value: number): string {
  return value.toLocaleString('en');
}

function short(size: number): string {
  return size >= 1_000_000 ? `${size / 1_000_000}M` : size >= 1000 ? `${size / 1000}k` : String(size);
}
