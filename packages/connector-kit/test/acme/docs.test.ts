import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('../../../../docs/write-a-connector.md');
const blocks = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => unindented(code));

/** An excerpt may stand further left than in its file. */
function unindented(code: string): string {
  return code.replace(/^ +/gm, '').trim();
}

test.each(['acme.ts', 'sign-in.ts', 'fake-acme.ts', 'conformance.test.ts'])(
  'docs/write-a-connector.md shows %s as it is',
  (file) => {
    expect(blocks).toContain(unindented(read(`./${file}`)));
  },
);

test('every block of code on the page is tested code', () => {
  const files = ['acme.ts', 'sign-in.ts', 'fake-acme.ts', 'conformance.test.ts'].map((file) =>
    unindented(read(`./${file}`)),
  );
  expect(blocks).toHaveLength(5);
  for (const block of blocks) expect(files.some((file) => file.includes(block))).toBe(true);
});
