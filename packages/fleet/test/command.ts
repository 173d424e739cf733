import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Migration } from '@contact-sync/storage-postgres/schemas';
import type { TestFleet } from './support.js';

const hooks = [new URL('./from-source.mjs', import.meta.url), new URL('./next-version.mjs', import.meta.url)];
const flags = hooks.flatMap(({ href }) => ['--import', href]);
const cli = fileURLToPath(new URL('../../runner/src/cli.ts', import.meta.url));

/** Steps that only the next version knows, of the books and of the fleet's own tables. */
export type NextSteps = { readonly books?: readonly Migration[]; readonly fleet?: readonly Migration[] };

/** `contact-sync worker` as a person starts it: of this version, or of the next one. */
export function startWorkerCommand({ url, env }: Pick<TestFleet, 'url' | 'env'>, next: NextSteps = {}) {
  const args = ['--conditions=@contact-sync/source', ...flags, cli, 'worker', '--store', url, '--at-once', '2'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, NEXT_STEPS: JSON.stringify(next), NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  createInterface(child.stderr).on('line', (line) => lines.push(line));
  return {
    /** What it logged, and what it said at its end. */
    lines,
    logged: (text: string) => lines.some((line) => line.includes(`"text":"${text}"`)),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    signal: (name: NodeJS.Signals) => void child.kill(name),
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}
