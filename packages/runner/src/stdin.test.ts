import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { csvText } from '@contact-sync/connector-csv/mock';
import { expect, test } from 'vitest';

// The command line as a process of its own, which is the only way to have its standard input.

const cli = fileURLToPath(new URL('cli.ts', import.meta.url));
const fromSource = new URL('../../../campaigns/src/from-source.mjs', import.meta.url).href;

test('a list comes through a pipe, piece by piece', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'contact-sync-pipe-'));
  try {
    const command = ['--conditions=@contact-sync/source', '--import', fromSource, cli];
    const args = [
      'plan',
      '--from',
      'csv',
      '--set',
      'file=-',
      '--set',
      'name=piped',
      '--store',
      'sqlite:a.db',
      '--json',
    ];
    const child = spawn(process.execPath, [...command, ...args], { cwd: folder });
    const over = new Promise<number | null>((resolve) => child.once('close', resolve));
    const printed = text(child.stdout);
    const people = [
      ['Name', 'Email', 'Mobile'],
      ['Jane Roe', 'jane@roe.example', '0491 570 006'],
      ['Kim Lee', '', ''],
    ];
    for (const piece of csvText(people).match(/[\s\S]{1,7}/g) ?? []) child.stdin.write(piece);
    child.stdin.end();
    expect(await over).toBe(0);
    expect(JSON.parse(await printed)).toMatchObject({
      source: 'csv:piped',
      counts: { reasons: { created: 1, rejected_email_missing: 1 } },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
