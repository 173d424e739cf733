import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Arm } from '../arm.ts';
import { median } from '../statistics.ts';

const commandLine = fileURLToPath(new URL('../../../packages/runner/dist/cli.js', import.meta.url));
const starts = 21;

/** In turn, for what slows a machine down comes and goes. */
export const oursVersion: Arm = {
  name: 'ours-version',
  title: 'contact-sync --version and node -e 0, 21 times each in turn',
  includes: 'From the start of a process to its end, as its parent sees it.',
  book: null,
  inputs: [],
  start: async () => async () => {
    const ours: number[] = [];
    const nodes: number[] = [];
    for (let start = 0; start < starts; start += 1) {
      nodes.push(timeOf(['-e', '0']));
      ours.push(timeOf([commandLine, '--version']));
    }
    return { counts: null, parts: { 'beside node': median(ours) / median(nodes) } };
  },
  digest: null,
};

function timeOf(args: readonly string[]): number {
  const before = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args);
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - before;
}

/** Its memory is Node's own. */
export const nodeMemory: Arm = {
  name: 'node-memory',
  title: 'Node’s own memory',
  includes: 'The peak memory of node -e 0.',
  book: null,
  inputs: [],
  start: async () => async () => {
    const { stdout } = spawnSync(process.execPath, ['-p', 'process.resourceUsage().maxRSS'], { encoding: 'utf8' });
    return { counts: null, parts: { memory: Number(stdout) / 1024 } };
  },
  digest: null,
};
