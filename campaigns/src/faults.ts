import type { Campaign } from './campaign.js';
import { shortenDeadlines } from './faults/clock.js';
import { fileBenchOf, fileCases, runFileCase } from './faults/files.js';
import { benchOf, httpCases, runHttpCase } from './faults/http.js';
import { outcomeOf } from './faults/kinds.js';
import { systems } from './faults/systems.js';

/** Neighbours among the cases are alike: a part of them is better spread. Prime, so that every case comes once. */
const stride = 101;
/** Far beyond what is left of any deadline: a run that takes longer hangs. */
const patienceMs = 60_000;

type Case = { readonly name: string; readonly slow: boolean; run(): Promise<string> };

/** Everything that can be wrong with a system or a file, at the first, the middle and the last place. */
export const faults: Campaign = {
  name: 'faults',
  title: 'Every fault of every source, at three places, SQLite',
  full: httpCases.length + fileCases.length,
  share: 120,
  lanes: 1,
  async start(folder) {
    const deadlines = shortenDeadlines();
    const cases: Case[] = [];
    for (const system of systems) {
      const bench = await benchOf(folder, system);
      for (const its of httpCases.filter((one) => one.system === system)) {
        cases.push({
          name: `${system.name}, ${its.kind.name}, ${its.position}`,
          slow: outcomeOf(its.kind, system.name) === 'source_timeout',
          run: () => runHttpCase(bench, its),
        });
      }
    }
    const bench = await fileBenchOf(folder);
    for (const its of fileCases) {
      cases.push({ name: `csv, ${its.kind.name}, ${its.position}`, slow: false, run: () => runFileCase(bench, its) });
    }
    return {
      async one(seed) {
        const its = cases[(seed * stride) % cases.length];
        if (its === undefined) throw new Error('There is no such case.');
        deadlines.soon(its.slow);
        const begin = performance.now();
        try {
          const word = await its.run();
          const took = Math.round(performance.now() - begin);
          if (took > patienceMs) throw new Error(`It took ${took} ms`);
          return word;
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          throw new Error(`${its.name}: ${message}`, { cause: error });
        }
      },
      end: async () => deadlines.restore(),
    };
  },
};
