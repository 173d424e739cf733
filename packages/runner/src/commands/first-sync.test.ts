import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installDemo } from '../../test/demo-connector.js';
import { serveDemo } from '../../test/demo-system.js';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { newKey } from '../secrets/keys.js';
import type { Terminal } from '../terminal.js';

let folder: string;
let system: Awaited<ReturnType<typeof serveDemo>>;
const key = newKey();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  await installDemo(folder);
  system = await serveDemo();
});
afterEach(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(line: string, given: Partial<Terminal> = {}) {
  const env = { CONTACT_SYNC_KEY: key, ...system.keys };
  const terminal = testTerminal({ cwd: folder, width: 200, env, ...given });
  const code = await main([...line.split(' '), '--store', 'sqlite:contacts.db'], terminal);
  return { code, out: terminal.output() };
}

const runs = async () => JSON.parse((await run('runs --json')).out).runs.length;

/** Someone who answers so, and what they were asked. */
function person(answer: boolean) {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answer;
  };
  return { asked, isInteractive: true, ask };
}

test('the first sync of a stored connection shows its plan and asks; the next ones do not', async () => {
  await run(`connect demo --set url=${system.url} --set firm=north`);
  const no = person(false);
  const declined = await run('sync --from demo:', no);
  expect(no.asked).toEqual(['This is the first sync of this source. Apply this plan?']);
  expect(declined.out).toContain('Person N1');
  expect(declined.out).toContain('Nothing was written.');
  expect(await runs()).toBe(0);

  const yes = person(true);
  await run('sync --from demo:', yes);
  await run('sync --from demo:', yes);
  expect(yes.asked).toHaveLength(1);
  expect(await runs()).toBe(2);

  // After it was disconnected, the first sync is a first one again.
  await run('disconnect demo:north');
  await run(`connect demo --set url=${system.url} --set firm=north`);
  await run('sync --from demo:', no);
  expect(no.asked).toHaveLength(2);
});

test('--yes does not ask', async () => {
  await run(`connect demo --set url=${system.url} --set firm=north`);
  // Whoever asks here fails the test.
  expect((await run('sync --from demo: --yes', { isInteractive: true })).code).toBe(0);
  expect(await runs()).toBe(1);
});
