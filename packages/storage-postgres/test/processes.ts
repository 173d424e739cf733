import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('./child.ts', import.meta.url));
const fromSource = new URL('./from-source.mjs', import.meta.url).href;

export type Child = {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** Once it has said something. */
  readonly spoke: Promise<unknown>;
  readonly ended: Promise<{ signal: string | null; output: string }>;
};

/** Runs a task of `child.ts` from source in a process of its own. */
export function start(task: string, ...args: string[]): Child {
  const flags = ['--conditions=@contact-sync/source', '--import', fromSource];
  const child = spawn(process.execPath, [...flags, file, task, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data) => {
    output += String(data);
  });
  const ended = once(child, 'close').then(([, signal]) => ({ signal: signal as string | null, output }));
  return { process: child, spoke: once(child.stdout, 'data'), ended };
}
