import { expect, test } from 'vitest';
import { missingLine, stepsOf } from './first-ten-minutes.ts';

test('commands, and what they answer', () => {
  const page = [
    ...['Text.', '```sh background', 'serve', '```', '```sh', 'one --now', 'two', '```', 'Text.'],
    ...['```text', 'It says … this.', '', 'And that.', '```', '```ts', 'const x = 1;', '```', ''],
  ].join('\n');
  expect(stepsOf(page)).toEqual([
    { command: 'serve', how: 'background', answers: [] },
    { command: 'one --now', how: 'run', answers: [] },
    { command: 'two', how: 'run', answers: ['It says … this.', 'And that.'] },
  ]);
});

test('a line that is not there is named, and so is one in the wrong place', () => {
  const output = 'Count  Outcome\n49     created (all)\n1      kept\n';
  expect(missingLine(output, ['49 … created', '1 kept'])).toBeNull();
  expect(missingLine(output, ['48 … created'])).toBe('48 … created');
  expect(missingLine(output, ['1 kept', '49 … created (all)'])).toBe('49 … created (all)');
  expect(missingLine(output, ['kept.'])).toBe('kept.');
});
