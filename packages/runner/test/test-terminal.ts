import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from '../src/terminal.js';

export type TestTerminal = Terminal & { readonly output: () => string; readonly errors: () => string };

/** A terminal that remembers what was written, without colours, at a fixed time. */
export function testTerminal(given: Partial<Terminal> = {}): TestTerminal {
  let out = '';
  let err = '';
  return {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isInteractive: false,
    showsProgress: false,
    width: 120,
    style: (_, text) => text,
    styleErr: (_, text) => text,
    env: {},
    cwd: process.cwd(),
    user: 'tester',
    now: () => new Date('2026-01-31T00:00:00Z'),
    signal: new AbortController().signal,
    readStdin: () => Promise.reject(new Error('no input was expected')),
    ask: () => Promise.reject(new Error('no question was expected')),
    readLine: () => Promise.reject(new Error('no line was expected')),
    openBrowser: () => Promise.reject(new Error('no browser was expected')),
    ...given,
    output: () => stripVTControlCharacters(out),
    errors: () => stripVTControlCharacters(err),
  };
}
