import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Ended = { code: number | null; signal: string | null; output: string };

const children = fileURLToPath(new URL('./children.ts', import.meta.url));
const fromSource = new URL('./from-source.mjs', import.meta.url).href;

/** Runs a task of `children.ts` in a process of its own, from source. */
export function run(task: string, ...args: string[]): Promise<Ended> {
  const flags = ['--conditions=@contact-sync/source', '--import', fromSource];
  const child = spawn(process.execPath, [...flags, children, task, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const add = (data: unknown) => {
    output += String(data);
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, output }));
  });
}
