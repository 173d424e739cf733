import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'count tests '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs vitest over files of the given contents, as CI does, and counts from its report. */
function count(...files: string[]): string {
  const report = join(folder, 'report.json');
  for (const [n, code] of files.entries()) writeFileSync(join(folder, `${n}.test.ts`), code);
  writeFileSync(join(folder, 'vitest.config.ts'), 'export default { test: { globals: true } };');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const options = ['run', '--root', folder, '--reporter=json', `--outputFile=${report}`];
  try {
    execFileSync(process.execPath, [vitest, ...options], { cwd: root, stdio: 'pipe' });
  } catch (error) {
    // Vitest ends with 1 when a test fails; that it ran is seen from its report.
    if (!(error instanceof Error && 'status' in error && error.status === 1)) throw error;
  }
  return read(report);
}

function read(report: string): string {
  return execFileSync(process.execPath, [join(root, 'scripts', 'count-tests.mjs'), report], { encoding: 'utf8' });
}

const good = `test('a', () => expect(1 + 1).toBe(2));\ntest('b', () => expect(2 + 2).toBe(4));\n`;
const bad = `test('c', () => expect(1 + 1).toBe(3));\n`;

test('counts what passed and what failed, and a file that does not load as one failure', () => {
  expect(count(good, good + bad, `import './is-not-there.js';\n${good}`)).toBe('4 passed, 2 failed\n');
});

test('counts nothing where no test ran', () => {
  expect(read(join(folder, 'report.json'))).toBe('0 passed, 0 failed\n');
});
