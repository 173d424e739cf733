import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

type Ended = { readonly code: number | null; readonly signal: string | null; readonly errors: string };

export type Child = {
  readonly pid: number;
  /** Tells it what to do; it waits for that. */
  begin(argument: unknown): void;
  /** What it said so far, line by line. */
  readonly words: readonly string[];
  /** Resolves once it has said the word, or has ended. */
  said(word: string): Promise<void>;
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves when it has stopped after a SIGSTOP, or has ended. */
  stopped(): Promise<void>;
  /** Resolves when it has ended and all it said was heard. */
  readonly ended: Promise<Ended>;
};

// Thousands of processes load the same program: as one file, and compiled once, it starts three times as fast.
const { outdir } = bundle();
const file = join(outdir, 'child.mjs');
const env = { ...process.env, NODE_COMPILE_CACHE: join(outdir, 'compiled'), NODE_OPTIONS: '' };

function bundle() {
  const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
  const outdir = path('../dist');
  buildSync({
    entryPoints: [path('./child.ts')],
    outdir,
    bundle: true,
    // What only some tasks need is loaded by them alone.
    splitting: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@contact-sync/source'],
    outExtension: { '.js': '.mjs' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return { outdir };
}

export function startChild(task: string, wrap: readonly string[] = []): Child {
  const [command = process.execPath, ...rest] = [...wrap, process.execPath, file, task];
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'], env });
  const { pid } = child;
  if (pid === undefined) throw new Error('A process could not be started.');
  const words: string[] = [];
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const check of waiting) check();
  };
  let begun = '';
  let errors = '';
  let over = false;
  child.stdout.on('data', (data) => {
    const lines = (begun + String(data)).split('\n');
    begun = lines.pop() ?? '';
    words.push(...lines);
    tell();
  });
  child.stderr.on('data', (data) => {
    errors += String(data);
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      over = true;
      tell();
      resolve({ code, signal, errors });
    });
  });
  return {
    pid,
    begin: (argument) => void child.stdin.end(JSON.stringify(argument)),
    words,
    ended,
    said: (word) =>
      new Promise((resolve) => {
        const check = () => {
          if (!over && !words.includes(word)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    // A process that has ended already needs no signal.
    signal: (name) => void child.kill(name),
    async stopped() {
      while (!over && !isStopped(pid)) await pause(2);
    },
  };
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The state of a process: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. T: stopped, Z: ended. */
function isStopped(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return ['T', 'Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '');
}
