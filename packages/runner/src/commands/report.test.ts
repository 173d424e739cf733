import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  await writeFile(join(folder, 'clients.csv'), 'Id,Name,Email\nA,Ann Lee,ann@example.com\nB,Bo Ray,nobody\n');
  expect((await run(`sync --from csv --set file=${join(folder, 'clients.csv')} --yes`)).code).toBe(0);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(line: string) {
  const opened: string[] = [];
  const openBrowser = async (url: string) => opened.push(url) > 0;
  const terminal = testTerminal({ cwd: folder, openBrowser });
  const code = await main([...line.split(' '), '--store', 'sqlite:contacts.db'], terminal);
  return { code, out: terminal.output(), err: terminal.errors(), opened };
}

test('the page is the default, and can be opened', async () => {
  const { code, out, opened } = await run('runs report 1 --open');
  expect([code, out]).toEqual([0, `The report of run 1 is in ${join(folder, 'run-1.html')}\n`]);
  expect(opened).toEqual([`file://${join(folder, 'run-1.html')}`]);
  expect(await readFile(join(folder, 'run-1.html'), 'utf8')).toContain('Waiting for a person (1)');
});

test('the format is told by the ending of the file, or said', async () => {
  await run('runs report 1 --out x.CSV');
  expect(await readFile(join(folder, 'x.CSV'), 'utf8')).toContain('B,rejected,rejected_email_invalid,email');
  const { out } = await run('runs report 1 --out - --format ndjson');
  expect(out.trimEnd().split('\n')).toHaveLength(3);
});

test('only the user may read it, also where a file of that name was there', async () => {
  const file = join(folder, 'run-1.html');
  await writeFile(file, 'old');
  await chmod(file, 0o644);
  await run('runs report 1');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).not.toBe('old');
});
