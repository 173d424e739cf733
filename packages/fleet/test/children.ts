import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Tuning } from '../src/worker.js';
import type { TestFleet } from './support.js';

const file = fileURLToPath(new URL('./child.ts', import.meta.url));
const fromSource = new URL('./from-source.mjs', import.meta.url).href;
/** As short as pg-boss takes them. */
export const short = { careSeconds: 0.5, askSeconds: 0.5, lease: 10, look: 1 };

type Line = { readonly text: string; readonly error?: { readonly code: string } };

type Start = {
  readonly atOnce?: number;
  readonly tuning?: Tuning;
  readonly logLevel?: string;
  /** Of Node. */
  readonly flags?: readonly string[];
};

/** A worker of a fleet in a process of its own. */
export function startChild(
  { url, env }: Pick<TestFleet, 'url' | 'env'>,
  { atOnce = 4, tuning = short, logLevel = 'info', flags = [] }: Start = {},
) {
  const source = ['--conditions=@contact-sync/source', '--import', fromSource, file];
  const child = spawn(process.execPath, [...flags, ...source, url, JSON.stringify(tuning), String(atOnce), logLevel], {
    env: { ...process.env, ...env, NODE_OPTIONS: '' },
    // Its input ends with the process that started it, and it with that.
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const lines: Line[] = [];
  createInterface(child.stderr).on('line', (line) => {
    lines.push(line.startsWith('{') ? (JSON.parse(line) as Line) : { text: line });
  });
  return {
    pid: child.pid ?? 0,
    lines,
    signal: (name: NodeJS.Signals) => void child.kill(name),
    ended: once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal: signal as string })),
  };
}
