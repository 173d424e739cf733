import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { newKey, parseKey } from '../secrets/keys.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { usePageLink } from '../serve/page-links.js';
import { openVault } from '../stores.js';
import type { Terminal } from '../terminal.js';

let folder: string;
const key = newKey();
const now = new Date('2026-01-31T00:00:00Z');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  await sqliteStore({ file: join(folder, 'contacts.db'), create: true }).close();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(args: readonly string[], given: Partial<Terminal> = {}, command: readonly string[] = ['open']) {
  const terminal = testTerminal({ cwd: folder, env: { CONTACT_SYNC_KEY: key }, ...given });
  const code = await main([...command, '--store', 'sqlite:contacts.db', ...args], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

/** Who comes in with a link, as the service finds out. */
async function holderOf(link: string, at = now, opens: 'page' | 'fleet' = 'page') {
  const parsed = parseKey(key);
  if (parsed === null) throw new Error('A new key is no key.');
  const vault = await openVault({ address: 'sqlite:contacts.db', book: 'default', cwd: folder });
  try {
    const token = new URL(link).searchParams.get('token') ?? '';
    return await usePageLink(sealedVault(vault, [parsed]), token, at.getTime(), opens);
  } finally {
    await vault.close();
  }
}

test('a link for who asked, which opens the page in their browser', async () => {
  const server = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const opened: string[] = [];
  const openBrowser = async (url: string) => opened.push(url) > 0;
  const { code, out, err } = await run(['--listen', address], { isInteractive: true, openBrowser });
  const hidden = await run(['--listen', address, '--no-browser'], { isInteractive: true });
  server.close();
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^http://${address}/open\\?token=[\\w-]{43}\n$`));
  expect(err).toBe('It lets one person in, once, within 15 minutes.\n');
  expect(opened).toEqual([out.trim()]);
  expect(hidden.code).toBe(0);
  expect(await holderOf(out)).toEqual({ user: 'tester', role: 'administrator' });
  expect(await holderOf(out)).toBeNull();
});

test('a link for somebody who looks; where nothing answers yet, that is said', async () => {
  const { code, out, err } = await run(['--viewer', '--listen', '[::1]:1']);
  expect([code, out]).toEqual([0, expect.stringMatching(/^http:\/\/\[::1\]:1\/open\?token=/)]);
  expect(err).toContain('Nothing answers at http://[::1]:1 yet. Start it: contact-sync serve\n');
  expect(await holderOf(out)).toEqual({ user: 'tester', role: 'viewer' });
});

test('for programs it is JSON', async () => {
  const { code, out } = await run(['--json', '--listen', '127.0.0.1:1']);
  const { url, ...rest } = JSON.parse(out);
  expect([code, rest]).toEqual([0, { role: 'administrator' }]);
  expect(await holderOf(url, new Date(now.getTime() + 15 * 60_000))).toBeNull();
});

test('a link to the page of a fleet, which opens no other', async () => {
  const { code, out, err } = await run(['--viewer', '--listen', '[::1]:1'], {}, ['fleet', 'open']);
  expect([code, out]).toEqual([0, expect.stringMatching(/^http:\/\/\[::1\]:1\/open\?token=/)]);
  expect(err).toContain('Start it: contact-sync fleet serve\n');
  expect(await holderOf(out)).toBeNull();
  expect(await holderOf(out, now, 'fleet')).toEqual({ user: 'tester', role: 'viewer' });
});

test('without the key of the store there is no link', async () => {
  const { code, err } = await run([], { env: {} });
  expect([code, err]).toEqual([2, expect.stringContaining('code: setting_missing')]);
});

test('behind a proxy there are no links: the page is elsewhere', async () => {
  const config = { web: { behindProxy: { url: 'https://contacts.firm.example' } } };
  await writeFile(join(folder, 'contact-sync.config.json'), JSON.stringify(config));
  const { code, out, err } = await run([]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('Open it there: https://contacts.firm.example');
});
