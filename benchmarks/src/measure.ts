import type { performInChild } from './in-child.ts';
import type { Line } from './plan.ts';
import type { Result } from './results.ts';
import type { workshop } from './workshop.ts';

export type Limits = { readonly rounds: number; readonly minutes: number };

/**
 * Runs the lines of each lot in turn, round after round. In the first round what they end with is compared. When time is
 * short, lines that no goal needs are left out of later rounds first, and then whole rounds. `keep` is given all there is
 * after each run: what was measured until somebody has no more time is not lost.
 */
export async function measure(
  lots: readonly (readonly Line[])[],
  { rounds, minutes }: Limits,
  shop: ReturnType<typeof workshop>,
  run: typeof performInChild,
  tell: (what: string) => void,
  keep: (results: readonly Result[]) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  const begin = performance.now();
  const left = () => minutes * 60_000 - (performance.now() - begin);
  for (const lot of lots) {
    const took = new Map<Line, number>();
    const sum = (lines: readonly Line[]) => lines.reduce((total, line) => total + (took.get(line) ?? 0), 0);
    const needed = lot.filter(({ must }) => must);
    for (let round = 1; round <= rounds; round += 1) {
      if (round > 1 && left() < sum(needed)) {
        tell(`no time for round ${round} of ${rounds}`);
        break;
      }
      for (const line of lot) {
        const { arm, mix, size, must } = line;
        const reserved = sum(needed) * (rounds - round + 1);
        if (round > 1 && !must && left() < reserved + (took.get(line) ?? 0)) {
          tell(`round ${round}: no time for ${arm.name}`);
          continue;
        }
        const { task, done } = await shop.prepare(arm, mix, size);
        const before = performance.now();
        const measured = await run(arm, task, { digest: round === 1, profile: false });
        await done();
        if (round > 1 || !took.has(line)) took.set(line, performance.now() - before);
        results.push({ arm: arm.name, mix, size, round, ...measured });
        keep(results);
        tell(
          `round ${round}: ${arm.name}, ${mix}, ${size}: ${measured.time.toFixed(0)} ms, ${measured.memory.toFixed(0)} MiB`,
        );
      }
      if (round === 1) checkAgreement(results);
    }
    await shop.forget();
  }
  return results;
}

/** Throws unless all that decided the same records decided the same, and all that wrote a book wrote the same one. */
export function checkAgreement(results: readonly Result[]): void {
  const groups = new Map<string, Result>();
  for (const result of results) {
    const { arm, mix, size, counts, digest } = result;
    const told = {
      counts: counts && JSON.stringify(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))),
      digest,
    };
    for (const [what, value] of Object.entries(told)) {
      if (value === null) continue;
      const key = `${what} of ${mix}, ${size}${/phones|firms/.exec(arm)?.[0] ?? ''}`;
      const first = groups.get(key) ?? result;
      groups.set(key, first);
      const other =
        what === 'digest'
          ? first.digest
          : JSON.stringify(Object.entries(first.counts ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
      if (value !== other) throw new Error(`${arm} and ${first.arm} do not agree, ${key}:\n${value}\n${other}`);
    }
  }
}
