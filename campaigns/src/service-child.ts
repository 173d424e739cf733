import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** A line of the service's log. */
export type Line = {
  readonly text: string;
  readonly source?: string;
  readonly run?: string;
  readonly listen?: string | null;
  readonly error?: { readonly code: string };
};

export type ServiceChild = {
  readonly lines: readonly Line[];
  /** Resolves when the log says something that will do, the process has ended, or a minute has passed. */
  heard(willDo: (lines: readonly Line[]) => boolean): Promise<void>;
  terminate(): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly errors: string }>;
};

let file = '';

/** The command line as people run it, in one file, so that it starts fast. */
function bundled(): string {
  if (file !== '') return file;
  const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
  const folder = path('../dist/command');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "version": "0.0.0" }');
  buildSync({
    entryPoints: { cli: path('../../packages/runner/src/cli.ts') },
    outdir: join(folder, 'bin'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@contact-sync/source'],
    banner: { js: "import { createRequire as maker } from 'node:module'; const require = maker(import.meta.url);" },
    logLevel: 'error',
  });
  file = join(folder, 'bin', 'cli.js');
  return file;
}

export function startCommand(args: readonly string[], folder: string, key: string): ServiceChild {
  const child = spawn(process.execPath, [bundled(), ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      CONTACT_SYNC_KEY: key,
      NODE_COMPILE_CACHE: join(bundled(), '../../compiled'),
    },
  });
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  let begun = '';
  let errors = '';
  let over = false;
  const tell = () => {
    for (const check of waiting) check();
  };
  child.stderr.on('data', (data) => {
    const parts = (begun + String(data)).split('\n');
    begun = parts.pop() ?? '';
    for (const part of parts) {
      if (part.startsWith('{')) lines.push(JSON.parse(part) as Line);
      else errors += `${part}\n`;
    }
    tell();
  });
  return {
    lines,
    heard: (willDo) =>
      new Promise((resolve) => {
        const check = () => {
          if (!over && !willDo(lines)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        setTimeout(resolve, 60_000).unref();
      }),
    terminate: () => void child.kill('SIGTERM'),
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        over = true;
        tell();
        resolve({ code, signal, errors: errors + begun });
      });
    }),
  };
}
