import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { openBrowser } from './open-browser.js';
import { readLine } from './read-line.js';
import type { Terminal } from './terminal.js';

/** The terminal this process runs at. The first Ctrl-C ends a run cleanly, the second ends the process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  // Whoever reads may stop reading: `| head` is no fault, and nothing is left to say.
  for (const stream of [stdout, stderr]) stream.on('error', endWhenClosed);
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  return {
    out: (line) => void stdout.write(line),
    err: (line) => void stderr.write(line),
    isInteractive: stdin.isTTY === true && stdout.isTTY === true,
    showsProgress: stderr.isTTY === true,
    width: stdout.columns ?? 120,
    // Knows NO_COLOR, FORCE_COLOR and pipes.
    style: (style, line) => styleText(style, line, { stream: stdout }),
    styleErr: (style, line) => styleText(style, line, { stream: stderr }),
    env,
    cwd: process.cwd(),
    user: userName(),
    now: () => new Date(),
    signal: abort.signal,
    readStdin: () => text(stdin),
    ask: async (question) => {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        const answer = await lines.question(`${question} [y/N] `, { signal: abort.signal });
        return /^y(es)?$/i.test(answer.trim());
      } catch (error) {
        // Ctrl-C and Ctrl-D answer too.
        if (error instanceof Error && error.name === 'AbortError') return false;
        throw error;
      } finally {
        lines.close();
      }
    },
    readLine: (prompt, options) =>
      readLine(prompt, { ...options, input: stdin, output: stderr, interrupt: () => abort.abort() }),
    openBrowser: (url) => openBrowser(url, env),
  };
}

function endWhenClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

/** For the history. A container may run as a user id that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
