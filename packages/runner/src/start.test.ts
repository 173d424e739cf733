import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The command line starts often, and mostly for little: it loads what the command needs, and nothing else.

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
const hooks = [
  new URL('../../../campaigns/src/from-source.mjs', import.meta.url),
  new URL('../test/loaded.mjs', import.meta.url),
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
  writeFileSync(join(folder, 'people.csv'), 'id,name,email,phone\nA,Mary,mary@example.com,\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a command loads: our own packages by name and how many modules of each, other packages by name. */
function loadedBy(...args: string[]): Map<string, number> {
  const imports = hooks.flatMap(({ href }) => ['--import', href]);
  const command = ['--conditions=@contact-sync/source', ...imports, cli, ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const counts = new Map<string, number>();
  for (const [, url = ''] of stderr.matchAll(/^loaded (file:.*)$/gm)) {
    const name = packageOf(url);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function packageOf(url: string): string {
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  return installed ?? /\/packages\/([^/]+)\//.exec(url)?.[1] ?? url;
}

const ofConnectors = (names: Iterable<string>) => [...names].filter((name) => name.startsWith('connector-')).sort();

test('plan loads the connector it reads with, no other one, and nothing that only others need', () => {
  const loaded = loadedBy('plan', '--from', 'csv', '--set', 'file=people.csv', '--store', 'sqlite:book.db');
  expect(loaded.get('core')).toBeGreaterThan(20);
  expect(ofConnectors(loaded.keys())).toEqual(['connector-csv']);
  for (const name of [
    'storage-postgres',
    'web',
    'pg',
    'undici',
    'msw',
    'oauth4webapi',
    'nodemailer',
    'pino',
    'preact',
  ]) {
    expect(loaded.has(name), `${name} is loaded`).toBe(false);
  }
});

test('a command that reads from no system loads no connector', () => {
  expect(ofConnectors(loadedBy('runs', '--store', 'sqlite:runs.db', '--help').keys())).toEqual([]);
});

test('--version loads two modules, and package.json', () => {
  expect([...loadedBy('--version')]).toEqual([['runner', 3]]);
});
