import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mock } from '../packages/connector-xpm/src/mock/index.ts';
import { missingLine, stepsOf } from './first-ten-minutes.ts';
import { makeConnector } from './new-connector.ts';
import { installPacked, npm, run } from './packed.ts';

// The packages as people get them: from tarballs, in a folder of their own, run by plain Node.

const root = fileURLToPath(new URL('..', import.meta.url));
const patience = 600_000;
let folder: string;
let installed: { ours: string[]; others: string[] };

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'packed-')));
  installPacked(['runner', 'connector-xpm'], folder);
  const modules = join(folder, 'node_modules');
  installed = { ours: readdirSync(join(modules, '@contact-sync')).sort(), others: readdirSync(modules) };
}, patience);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function contactSync(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const command = join(folder, 'node_modules/@contact-sync/runner/dist/cli.js');
  // Only what is given: nothing of this repository's own environment.
  const done = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

test('only what was asked for is installed of ours, and what that needs', () => {
  expect(installed.ours).toEqual(['connector-kit', 'connector-xpm', 'core', 'runner', 'storage-sqlite']);
  for (const name of ['msw', 'pg', 'typescript', 'vitest']) expect(installed.others).not.toContain(name);
});

test('the command says its version', () => {
  const shown = run(join(folder, 'node_modules/.bin/contact-sync'), ['--version'], folder);
  expect(shown).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('it plans from the connector that is installed', async () => {
  const records = [{ externalId: 'A', name: 'Jane Roe', email: 'jane@roe.example', phone: '0491 570 006' }];
  const served = await mock.serve({ records });
  try {
    const set = Object.entries(served.settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const args = ['plan', '--from', 'xpm', ...set, '--store', 'sqlite:contacts.db', '--json'];
    const { code, out, err } = await inBackground(args, served.env);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out).counts.reasons).toEqual({ created: 1 });
  } finally {
    await served.close();
  }
});

test('a connector that is not installed is told with the command that installs it', () => {
  const { code, err } = contactSync(['plan', '--from', 'fyi', '--store', 'sqlite:contacts.db']);
  expect(code).toBe(2);
  expect(err).toContain('The connector "fyi" is not installed.');
  expect(err).toContain('npm install @contact-sync/connector-fyi');
});

test(
  'a new connector outside of this repository builds, passes the kit, and is found by path and by name',
  async () => {
    const mine = join(folder, 'connector-books');
    mkdirSync(mine);
    makeConnector({ name: 'books', packageName: '@someone/connector-books', folder: mine, inside: false });
    // Its tools are those of this repository: to install them is npm's own work. Mocks look for msw where both are.
    linkTool('msw', 'packages/connector-xpm', folder);
    linkTool('vitest', '.', mine);
    linkTool('@types/node', '.', mine);
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], mine);
    run(process.execPath, [join(mine, 'node_modules/vitest/vitest.mjs'), 'run'], mine);

    const read = ['--store', 'sqlite:contacts.db', '--set', 'tenant=t1', '--set', 'baseUrl=http://127.0.0.1:9'];
    const env = { BOOKS_TOKEN: 'a-token' };
    // Loaded, set up and asked to read: there is nobody at that address.
    expect(contactSync(['plan', '--from', './connector-books', ...read], env).err).toContain('source_unreachable');

    npm(['pack', '--silent'], mine);
    npm(['install', '--no-save', join(mine, 'someone-connector-books-0.0.0.tgz')], folder);
    expect(contactSync(['plan', '--from', '@someone/connector-books', ...read], env).err).toContain(
      'source_unreachable',
    );
    const unknown = contactSync(['plan', '--from', '@someone/connector-other', ...read], env);
    expect(unknown.err).toContain('npm install @someone/connector-other');
  },
  patience,
);

test(
  'the first ten minutes are as the page tells them',
  async () => {
    const steps = stepsOf(readFileSync(join(root, 'docs/first-ten-minutes.md'), 'utf8'));
    const words = steps.map(({ command }) => /contact-sync (?:contacts |runs )?([a-z-]+)/.exec(command)?.[1]);
    for (const word of ['init', 'doctor', 'plan', 'sync', 'explain', 'force-manual', 'undo', 'disconnect', 'report']) {
      expect(words).toContain(word);
    }
    const empty = join(folder, 'first-ten-minutes');
    mkdirSync(empty);
    symlinkSync(join(folder, 'node_modules'), join(empty, 'node_modules'), 'junction');
    linkTool('msw', 'packages/connector-xpm', folder);
    const env = { PATH: process.env.PATH ?? '', HOME: empty, npm_config_offline: 'true' };
    const others: ChildProcess[] = [];
    try {
      for (const { command, how, answers } of steps) {
        if (how === 'install') continue;
        if (how === 'background') {
          // A group of its own, to be ended with all that it began.
          const other = spawn(command, { cwd: empty, env, shell: true, detached: true });
          others.push(other);
          await once(other.stdout, 'data');
          continue;
        }
        const done = spawnSync(command, { cwd: empty, env, shell: true, encoding: 'utf8' });
        expect({ command, code: done.status, err: done.stderr }).toEqual({ command, code: 0, err: '' });
        const missing = missingLine(done.stdout, answers);
        expect({ command, missing, out: missing === null ? '' : done.stdout }).toEqual({
          command,
          missing: null,
          out: '',
        });
      }
      expect(readFileSync(join(empty, 'run-7.html'), 'utf8')).toContain('relinked');
    } finally {
      for (const { pid } of others) if (pid !== undefined) process.kill(-pid);
    }
  },
  patience,
);

/** A tool of this repository, in a folder as if it was installed there. */
function linkTool(name: string, from: string, to: string): void {
  const link = join(to, 'node_modules', name);
  if (existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(realpathSync(join(root, from, 'node_modules', name)), link, 'junction');
}

/** The fake answers in this process, so this process must not wait for the command. */
async function inBackground(args: readonly string[], env: Readonly<Record<string, string>>) {
  const command = join(folder, 'node_modules/@contact-sync/runner/dist/cli.js');
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { out, err, code };
}
