import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type ErrorCode, readAll } from '@contact-sync/core';
import { expect, test } from 'vitest';
import type { OpenFile } from '../src/bytes.js';
import { type CsvSettings, csv } from '../src/index.js';
import { failureOf, fileOf, readText } from './setup.js';

const headings = 'Id,Name,Email,Phone\n';
const row = '1,Canary,canary@roe.example,\n';

test.each<[string, string | Uint8Array, ErrorCode, string]>([
  ['an empty file', '', 'source_unreadable', 'The file is empty.'],
  ['a file of empty lines', '\n \r\n\n', 'source_unreadable', 'The file is empty.'],
  ['only a byte order mark', '\ufeff', 'source_unreadable', 'The file is empty.'],
  [
    'no headings',
    row,
    'source_unreadable',
    'The file has no column for the name and for the email in its first line (line 1, with 4 cells).',
  ],
  [
    'no column with an email',
    '\nId,Name,Canary\n',
    'source_unreadable',
    'The file has no column for the email in its first line (line 2, with 3 cells).',
  ],
  [
    'a first name and no last name',
    'Id,First name,Email\n',
    'source_unreadable',
    'The file has no column for the name in its first line (line 1, with 3 cells).',
  ],
  [
    'a web page',
    '<html>\n<p>Canary, sign in</p>\n',
    'source_unreadable',
    'The file has no column for the name and for the email in its first line (line 1, with 1 cells).',
  ],
  [
    'two columns that could be the email',
    'Id,Email,Name,E-Mail Address\n',
    'source_unreadable',
    'The file has two columns that could be the email: "Email" (column 2) and "E-Mail Address" (column 4).',
  ],
  [
    'a column twice',
    'Id,Name,Email,Mobile,"mobile "\n',
    'source_unreadable',
    'The file has two columns that could be the phone: "Mobile" (column 4) and "mobile" (column 5).',
  ],
  [
    'two columns that could be the id',
    'Id,Name,Email,External ID\n',
    'source_unreadable',
    'The file has two columns that could be the id: "Id" (column 1) and "External ID" (column 4).',
  ],
  [
    'a quotation mark within a cell',
    `${headings}1,"Canary","a@b.example",\n2,Can"ary,c@d.example,\n`,
    'source_unreadable',
    'The file has a quotation mark that fits nowhere, in the row of line 3, column 2.',
  ],
  [
    'words after quotation marks, below a row of two lines',
    `${headings}1,"Can\r\nary","a@b.example",\n2,x,"Canary" y,\n`,
    'source_unreadable',
    'The file has a quotation mark that fits nowhere, in the row of line 4, column 3.',
  ],
  [
    'quotation marks that nothing closes',
    `${headings}${row}2,"Canary,c@d.example,\n${row}`,
    'source_unreadable',
    'The file ends within quotation marks that open in the row of line 3, column 2.',
  ],
  [
    'the end in the middle of a row',
    `${headings}${row}2,Canary,c@d.exa`,
    'source_incomplete',
    'The file ends in the middle of its last row, on line 3.',
  ],
  [
    'a row without end',
    `${headings}${row}2,"${'Canary\n'.repeat(200_000)}`,
    'source_unreadable',
    'The file has a row of more than 1048576 characters, which begins on line 3.',
  ],
  [
    'headings without end',
    'Canary'.repeat(200_000),
    'source_unreadable',
    'The file has a row of more than 1048576 characters, which begins on line 1.',
  ],
  [
    'bytes that are not UTF-8',
    Buffer.from(`${headings}${row}2,Canaryé,c@d.example,\n`, 'latin1'),
    'source_unreadable',
    'The file holds bytes that are not UTF-8, on line 3 or after it.',
  ],
  [
    'a character that the end cuts',
    Buffer.concat([Buffer.from(`${headings}${row}`), Buffer.from([0xc3])]),
    'source_unreadable',
    'The file holds bytes that are not UTF-8, on line 3 or after it.',
  ],
  [
    'UTF-16 that does not say so',
    Buffer.from(headings + row, 'utf16le'),
    'source_unreadable',
    'The file holds a null character on line 1.',
  ],
  [
    'half a pair in UTF-16',
    Buffer.concat([Buffer.from(`\ufeff${headings}`, 'utf16le'), Buffer.from([0x3d, 0xd8, 0x0a, 0x00])]),
    'source_unreadable',
    'The file holds bytes that are not UTF-16LE, on line 1 or after it.',
  ],
  ['a workbook', Buffer.from('PK\u0003\u0004Canary'), 'source_unreadable', 'The file is a workbook, and not CSV.'],
])('%s', async (_, content, code, message) => {
  const error = await failureOf(readText(content));
  expect({ code: error.code, message: error.message }).toEqual({ code, message });
  expect(error.hint).toMatch(/^Nothing was written\. \S+ \S+/);
  const shown = inspect({ ...error, text: [error.message, error.stack, error.cause] }, { depth: null });
  expect(shown).not.toMatch(/canary/i);
});

test('a setting that names a column which is not there', async () => {
  const error = await failureOf(readText(headings + row, { emailColumn: 'Mail of work' }));
  expect(error).toMatchObject({
    code: 'setting_invalid',
    message: 'emailColumn: the file has no column "Mail of work".',
  });
});

test.each<[string, Uint8Array, Partial<CsvSettings>]>([
  ['UTF-8', Buffer.from('Name,Email\nZoë’s,z@x.example\n'), {}],
  [
    'UTF-8 that says so and is said to be another',
    Buffer.from('\ufeffName,Email\nZoë’s,z@x.example\n'),
    { encoding: 'windows-1252' },
  ],
  ['UTF-16, low byte first', Buffer.from('\ufeffName,Email\nZoë’s,z@x.example\n', 'utf16le'), {}],
  ['UTF-16, high byte first', Buffer.from('\ufeffName,Email\nZoë’s,z@x.example\n', 'utf16le').swap16(), {}],
  ['UTF-16 that is said', Buffer.from('Name,Email\nZoë’s,z@x.example\n', 'utf16le'), { encoding: 'utf-16le' }],
  ['Windows-1252', Buffer.from('Name,Email\nZo\u00eb\u0092s,z@x.example\n', 'latin1'), { encoding: 'windows-1252' }],
])('%s is read, however it is cut', async (_, bytes, settings) => {
  for (const size of [1, 3, 100]) {
    const { records } = await readText(bytes, { ...settings, open: fileOf(bytes, size) });
    expect(records).toMatchObject([{ name: 'Zoë’s', email: 'z@x.example' }]);
  }
});

const refusing =
  (code: string): OpenFile =>
  async () => {
    throw Object.assign(new Error(`${code}: open '/home/canary'`), { code });
  };

test.each<[string, ErrorCode, string]>([
  ['ENOENT', 'setting_invalid', 'file: there is no file contacts.csv.'],
  ['EACCES', 'source_forbidden', 'The file may not be read (EACCES).'],
  ['EBUSY', 'source_unavailable', 'The file cannot be read now (EBUSY).'],
])('a file that cannot be opened (%s)', async (refusal, code, message) => {
  const error = await failureOf(readText('', { open: refusing(refusal) }));
  expect(error).toMatchObject({ code, message });
  expect(inspect(error, { depth: null })).not.toContain('canary');
});

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'contact sync csv '));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('no file, and a folder', async () => {
  await inFolder(async (folder) => {
    const none = readAll(csv({ file: join(folder, 'none.csv') }));
    expect(await failureOf(none)).toMatchObject({ code: 'setting_invalid' });
    const itself = readAll(csv({ file: folder, name: 'x' }));
    expect((await failureOf(itself)).message).toMatch(/is a folder\.$/);
  });
});

test.each([
  ['grows', (file: string) => appendFile(file, row)],
  ['is written anew', (file: string) => writeFile(file, headings)],
])('a file that %s while it is read is not whole', async (_, change) => {
  await inFolder(async (folder) => {
    const file = join(folder, 'contacts.csv');
    await writeFile(file, headings + Array.from({ length: 20_000 }, (_, n) => `${n},N,n@x.example,\n`).join(''));
    const reading = csv({ file }).read({ signal: new AbortController().signal });
    expect((await reading.next()).done).toBe(false);
    await change(file);
    const rest = (async () => {
      while (!(await reading.next()).done);
    })();
    expect(await failureOf(rest)).toMatchObject({
      code: 'source_incomplete',
      message: 'The file changed while it was read.',
    });
  });
});
