import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What a file of core may not hold, and the rule that finds it or what it says. */
const forbidden = {
  'a file system': [`import { readFileSync } from 'node:fs';`, 'noRestrictedImports'],
  'a file system without node:': [`import fs from 'fs';`, 'noRestrictedImports'],
  'a type of a client': [`import type { Agent } from 'undici';`, 'noRestrictedImports'],
  'a client handed on': [`export * from 'undici';`, 'noRestrictedImports'],
  'an import at run time': [`export const c = import('node:crypto');`, 'noRestrictedImports'],
  'a test runner': [`import { test } from 'vitest';`, 'noRestrictedImports'],
  'a package above core': [`import { xpm } from '@contact-sync/connector-xpm';`, 'noRestrictedImports'],
  require: [`export const fs = require('./a.js');`, 'noRestrictedGlobals'],
  process: ['export const v = process.env.HOME;', 'noRestrictedGlobals'],
  globalThis: ['export const p = globalThis.process;', 'noRestrictedGlobals'],
  global: ['export const p = global.process;', 'noRestrictedGlobals'],
  Buffer: [`export const b = Buffer.from('a');`, 'noRestrictedGlobals'],
  console: [`console.error('a');`, 'noRestrictedGlobals'],
  fetch: [`export const r = fetch('http://localhost');`, 'noRestrictedGlobals'],
  WebSocket: [`export const w = new WebSocket('ws://localhost');`, 'noRestrictedGlobals'],
  crypto: ['export const id = crypto.randomUUID();', 'noRestrictedGlobals'],
  performance: ['export const t = performance.now();', 'noRestrictedGlobals'],
  setTimeout: ['setTimeout(() => undefined, 1);', 'noRestrictedGlobals'],
  setInterval: ['setInterval(() => undefined, 1);', 'noRestrictedGlobals'],
  setImmediate: ['setImmediate(() => undefined);', 'noRestrictedGlobals'],
  queueMicrotask: ['queueMicrotask(() => undefined);', 'noRestrictedGlobals'],
  'Date.now': ['export const t = Date.now();', 'Core has no clock'],
  'Date.now handed on': ['export const clock = Date.now;', 'Core has no clock'],
  'new Date()': ['export const t = new Date().toISOString();', 'Core has no clock'],
  'new Date': ['export const t = new Date;', 'Core has no clock'],
  'Date()': ['export const t = Date();', 'Core has no clock'],
  'Temporal.Now': ['export const t = Temporal.Now.instant();', 'Core has no clock'],
  'AbortSignal.timeout': ['export const s = AbortSignal.timeout(1);', 'Core has no clock'],
  'Math.random': ['export const n = Math.random();', 'Core has no randomness'],
  'random taken out of Math': ['export const { random } = Math;', 'Core has no randomness'],
  'Math under another name': ['export const math = Math;', 'Core has no randomness'],
} as const;

const allowed = `import { sha256 } from '@noble/hashes/sha2.js';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { compare } from './order.js';
import { reasons } from '../reasons.js';

export const date = new Date('2026-01-02T03:04:05Z');
export const signal = new AbortController().signal;
export const largest = Math.max(1, 2);
export const { length, ...rest } = { ...date, length: 1 };
export const swap = ([a, b]: [number, number], { c = 1 }: { c?: number }) => [b, a, c];
export const used = [sha256, parsePhoneNumberFromString, z, compare, reasons];
`;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'core is pure '));
/** File → what was found in it, as `rule: message`. */
const found = new Map<string, string[]>();

beforeAll(() => {
  const files: [string, string][] = Object.values(forbidden).map(([code], n) => [`packages/core/src/${n}.ts`, code]);
  files.push(['packages/core/src/testing/allowed.ts', allowed]);
  files.push(['packages/core/src/clock.test.ts', 'export const t = Date.now() + performance.now();\n']);
  files.push(['packages/runner/src/clock.ts', 'export const t = Date.now() + performance.now();\n']);
  for (const [file, code] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), code);
  }
  for (const file of ['biome.json', 'scripts/core-is-pure.grit']) cpSync(join(root, file), join(folder, file));
  for (const { category, message, location } of lint().diagnostics) {
    const file = location.path.replaceAll('\\', '/');
    found.set(file, [...(found.get(file) ?? []), `${category}: ${message}`]);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Report = { diagnostics: { category: string; message: string; location: { path: string } }[] };

function lint(): Report {
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const options = [
    'lint',
    '--reporter=json',
    '--max-diagnostics=none',
    '--vcs-enabled=false',
    '--diagnostic-level=error',
  ];
  try {
    return JSON.parse(
      execFileSync(process.execPath, [biome, ...options], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }),
    );
  } catch (error) {
    // Biome ends with 1 when it finds something, which is what this is about.
    if (error instanceof Error && 'stdout' in error) return JSON.parse(String(error.stdout));
    throw error;
  }
}

test.each(Object.entries(forbidden).map(([what, [, rule]], n) => [what, rule, n] as const))(
  'core may not hold %s',
  (_, rule, n) => {
    expect(found.get(`packages/core/src/${n}.ts`)?.join('\n')).toContain(rule);
  },
);

test('what core may hold is left alone, and so are tests and other packages', () => {
  const others = [...found].filter(([file]) => !/^packages\/core\/src\/\d+\.ts$/.test(file));
  expect(others).toEqual([]);
});
