import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Arm } from '../arm.ts';
import { median } from '../statistics.ts';

const commandLine = fileURLToPath(new URL('../../../packages/runner/dist/cli.js', import.meta.url));
const starts = 21;

function startArm(name: string, title: string, args: readonly string[]): Arm {
  return {
    name,
    title,
    includes: `From the start of the process to its end, as its parent sees it; the median of ${starts}.`,
    book: null,
    inputs: [],
    start: async () => async () => {
      const times = Array.from({ length: starts }, () => {
        const before = performance.now();
        const { status, stderr } = spawnSync(process.execPath, args);
        if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
        return performance.now() - before;
      });
      return { counts: null, parts: { start: median(times) } };
    },
    digest: null,
  };
}

export const oursVersion = startArm('ours-version', 'contact-sync --version', [commandLine, '--version']);
export const nodeNothing = startArm('node-nothing', 'node -e 0', ['-e', '0']);

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
