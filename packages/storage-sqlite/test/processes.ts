import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Ended = { code: number | null; signal: string | null; output: string };

/** Runs `children.ts` in a process of its own, from source. */
export function run(task: string, ...args: string[]): Promise<Ended> {
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const flags = ['--conditions=@contact-sync/source', '--import', new URL('from-source.mjs', import.meta.url).href];
  const child = spawn(process.execPath, [...flags, here('children.ts'), task, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data) => {
    output += String(data);
  });
  child.stderr.on('data', (data) => {
    output += String(data);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, output }));
  });
}
