import { expect, test } from 'vitest';
import { type CsvSettings, csv } from '../src/index.js';

test.each([
  ['contacts.csv', 'csv:contacts'],
  ['/home/jane/Clients of Harbour.CSV', 'csv:clients-of-harbour'],
  ['Kāra’s list.csv', 'csv:k-ra-s-list'],
  ['contacts', 'csv:contacts'],
])('the file %s is the source %s', (file, source) => {
  expect(csv({ file }).source).toBe(source);
});

test('a name is what the source is called, whatever the file', () => {
  for (const file of ['a.csv', 'b-2026-11-22.csv', '-'])
    expect(csv({ file, name: 'harbour_1' }).source).toBe('csv:harbour_1');
});

test.each<[string, unknown, string, string]>([
  ['nothing', {}, 'setting_missing', 'CSV file: file is missing.'],
  [
    'standard input without a name',
    { file: '-' },
    'setting_invalid',
    'CSV file: name: must be given with standard input; it tells whose records they are in every later run.',
  ],
  [
    'a file called after a day',
    { file: 'contacts-2026-11-22.csv' },
    'setting_invalid',
    'CSV file: name: must be given, since that of the file may be another next time; it tells whose records they are in every later run.',
  ],
  [
    'a file without letters',
    { file: '...' },
    'setting_invalid',
    'CSV file: name: must be given, since that of the file may be another next time; it tells whose records they are in every later run.',
  ],
  ['another name', { file: 'a.csv', name: 'Not So' }, 'setting_invalid', 'letters a to z'],
  ['another encoding', { file: 'a.csv', encoding: 'latin1' }, 'setting_invalid', 'encoding: must be utf-8'],
  ['a blank column', { file: 'a.csv', emailColumn: ' ' }, 'setting_invalid', 'emailColumn: must name a column'],
  [
    'a setting that there is not',
    { file: 'a.csv', delimiter: ';' },
    'setting_invalid',
    'there is no setting "delimiter"',
  ],
])('%s is refused', (_, settings, code, message) => {
  try {
    csv(settings as CsvSettings);
  } catch (error) {
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    return;
  }
  throw new Error('the settings were accepted');
});
