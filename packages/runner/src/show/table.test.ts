import { expect, test } from 'vitest';
import { testTerminal } from '../../test/test-terminal.js';
import { table } from './table.js';

const rows = [
  ['1', 'John Smith', 'a long sentence that tells why it is as it is'],
  ['2', 'Mary', 'short'],
];

test('a table that fits is as wide as it needs to be', () => {
  expect(table(testTerminal({ width: 100 }), ['Id', 'Name', 'Why'], rows)).toBe(
    [
      'Id  Name        Why',
      '1   John Smith  a long sentence that tells why it is as it is',
      '2   Mary        short',
      '',
    ].join('\n'),
  );
});

test('a table that does not fit wraps the columns with a share, and loses no character', () => {
  const drawn = table(testTerminal({ width: 40 }), ['Id', 'Name', 'Why'], rows, { shares: [null, null, 1] });
  for (const line of drawn.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  expect(drawn.replaceAll(/\s/g, '')).toContain('alongsentencethat');
  expect(drawn.match(/\S/g)).toHaveLength('IdNameWhy'.length + rows.flat().join('').replaceAll(' ', '').length);
});

test('a word longer than its column is broken, not cut', () => {
  const drawn = table(testTerminal({ width: 30 }), ['Id', 'Email'], [['1', 'a'.repeat(60)]], { shares: [null, 1] });
  expect(drawn.match(/a/g)).toHaveLength(60 + 1);
});
