import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process of its own that runs a task of `children.ts`, and is listened to while it does. */
export type Conversation = {
  /** The next line that it writes; fails with what it complained of where it ends first. */
  line(): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Its exit code, when it ended. */
  ended(): Promise<number | null>;
};

const children = fileURLToPath(new URL('./children.ts', import.meta.url));
const fromSource = new URL('./from-source.mjs', import.meta.url).href;

export function converse(task: string, ...args: string[]): Conversation {
  const flags = ['--conditions=@contact-sync/source', '--import', fromSource];
  const child = spawn(process.execPath, [...flags, children, task, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (data) => {
    complaints += String(data);
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return {
    async line() {
      const next = await lines.next();
      if (next.done !== true) return next.value;
      await ended;
      throw new Error(`It ended without a word. ${complaints}`);
    },
    signal: (name) => void child.kill(name),
    ended: () => ended,
  };
}
