import { armNamed } from './arms/all.ts';
import { mixes } from './data/mix.ts';
import type { performInChild } from './in-child.ts';
import { markdown } from './tables.ts';
import type { workshop } from './workshop.ts';

const profiled = ['ours-sqlite', 'ours-postgres', 'ours-sqlite-xml', 'ours-postgres-xml'];
const mixTitles = { first: 'First sync', steady: 'Steady sync' };

/** Where the time of contact-sync goes, as Markdown: by package, and the functions that take most. */
export async function profiles(
  sizes: readonly number[],
  shop: ReturnType<typeof workshop>,
  run: typeof performInChild,
  tell: (what: string) => void,
): Promise<string> {
  const sections: string[] = [];
  for (const size of sizes) {
    for (const mix of mixes) {
      for (const arm of profiled.map(armNamed)) {
        const { task, done } = await shop.prepare(arm, mix, size);
        const { profile, memory, time } = await run(arm, task, { digest: false, profile: true });
        await done();
        tell(`${arm.name}, ${mix}, ${size}: ${time.toFixed(0)} ms`);
        if (profile === null) continue;
        const total = Object.values(profile.groups).reduce((sum, own) => sum + own, 0);
        const rows = (times: Readonly<Record<string, number>>, least: number) =>
          Object.entries(times)
            .filter(([, own]) => own / total >= least)
            .map(([name, own]) => [name, own.toFixed(0), `${((100 * own) / total).toFixed(0)} %`]);
        sections.push(
          `### ${mixTitles[mix]}, ${size.toLocaleString('en')}: ${arm.title}`,
          `${time.toFixed(0)} ms, ${memory.toFixed(0)} MiB at the peak. Self time, in milliseconds:`,
          markdown(['Code', 'ms', 'Share'], rows(profile.groups, 0.01)),
          markdown(['Function', 'ms', 'Share'], rows(profile.functions, 0.02)),
        );
      }
    }
  }
  return `${sections.join('\n\n')}\n`;
}
