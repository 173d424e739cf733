import type { WorkerOptions } from '@contact-sync/runner/engine';
import { type Tuning, work } from '../src/worker.js';
import type { TestFleet } from './support.js';

type Line = { readonly level: string; readonly text: string } & Readonly<Record<string, unknown>>;

/** A worker of a fleet in this process. */
export function runWorker({ url, env }: TestFleet, more: Partial<WorkerOptions> = {}, tuning: Tuning = {}) {
  const stop = new AbortController();
  const lines: Line[] = [];
  const options = {
    ...{ url, env, cwd: process.cwd(), actor: 'worker', atOnce: 4, listen: null, alertsTo: [] },
    settingsOf: () => ({}),
    signal: stop.signal,
    write: (line: string) => void lines.push(JSON.parse(line) as Line),
    ...more,
  };
  const ended = work(options, { careSeconds: 0.5, askSeconds: 0.5, ...tuning });
  return {
    lines,
    ended,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}
