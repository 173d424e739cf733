import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs/write-a-connector.md'), 'utf8');
const blocksOf = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code);

/** An excerpt may stand further left than in its file. */
function unindented(code: string): string {
  return code.replace(/^ +/gm, '').trim();
}

const example = join(root, 'examples/new-connector/src');
const sources = readdirSync(example, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => unindented(readFileSync(join(example, file), 'utf8')));

test.each(blocksOf('ts').map((code) => [code.split('\n', 1)[0], code]))(
  'the code that begins with %s is the example’s',
  (_, code = '') => {
    expect(sources.some((source) => source.includes(unindented(code)))).toBe(true);
  },
);

test('the files that the page names are those of the example', () => {
  const named = [...page.matchAll(/^\| `src\/(\S+)`/gm)].map(([, file]) => file);
  expect(named.length).toBeGreaterThan(8);
  const there = readdirSync(example, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  expect(there).toEqual(expect.arrayContaining(named));
});

test('the commands of the page work, one after the other, in a fresh copy of this repository', () => {
  const commands = blocksOf('sh').flatMap((block) => block.trim().split('\n'));
  expect(commands.length).toBeGreaterThan(4);
  const copy = mkdtempSync(join(tmpdir(), 'contact-sync-copy-'));
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
    for (const file of listed.toString().split('\0')) {
      // What was taken away may still be known to git.
      if (file === '' || file.startsWith('campaigns/') || !existsSync(join(root, file))) continue;
      cpSync(join(root, file), join(copy, file));
    }
    const env = {
      ...process.env,
      CI: 'true',
      TURBO_TELEMETRY_DISABLED: '1',
      // A new package changes the lockfile; what it needs is in the store already.
      ...{ pnpm_config_frozen_lockfile: 'false', pnpm_config_offline: 'true' },
    };
    const run = (command: string) =>
      execFileSync(command, { cwd: copy, env, shell: true, encoding: 'utf8', stdio: 'pipe' });
    run('pnpm install');
    for (const command of commands) run(command);
    expect(readdirSync(join(copy, 'packages/connector-my-books'))).toContain('dist');
    // As it was made: nothing to tidy up for whoever goes on.
    run('node_modules/.bin/biome check packages/connector-my-books');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}, 600_000);
