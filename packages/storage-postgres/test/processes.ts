import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const child = fileURLToPath(new URL('./child.ts', import.meta.url));
const fromSource = new URL('./from-source.mjs', import.meta.url).href;

/** Runs `child.ts` from source in a process of its own. */
export function start(...args: string[]): {
  process: ChildProcess;
  ended: Promise<{ signal: string | null; output: string }>;
} {
  const flags = ['--conditions=@contact-sync/source', '--import', fromSource];
  const process_ = spawn(process.execPath, [...flags, child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = async () => {
    const [output, [, signal]] = await Promise.all([text(process_.stdout), once(process_, 'close')]);
    return { signal: signal as string | null, output };
  };
  return { process: process_, ended: ended() };
}
