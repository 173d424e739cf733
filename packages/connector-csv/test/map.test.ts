import type { RawRecord } from '@contact-sync/core';
import { expect, test } from 'vitest';
import type { CsvSettings } from '../src/index.js';
import { fileOf, readText } from './setup.js';

const of = (externalId: string, name: string | null, email: string | null, phone: string | null = null): RawRecord => ({
  ...{ externalId, name, email, phone },
});
const jane = of('1', 'Jane Roe', 'jane@roe.example');
const janePhone = of('1', 'Jane Roe', 'jane@roe.example', '0491 570 006');

/** Each row: what it is about, the file, and whom it is read as. */
const files: [string, string, RawRecord[], Partial<CsvSettings>?][] = [
  ['plain headings', 'Id,Name,Email,Phone\n1,Jane Roe,jane@roe.example,0491 570 006\n', [janePhone]],
  ['no line end after the last row', 'Id,Name,Email\n1,Jane Roe,jane@roe.example', [jane]],
  ['line ends of Windows', 'Id,Name,Email\r\n1,Jane Roe,jane@roe.example\r\n', [jane]],
  ['line ends of old Macs', 'Id,Name,Email\r1,Jane Roe,jane@roe.example\r', [jane]],
  [
    'line ends of several kinds',
    'Id,Name,Email\n1,Jane Roe,jane@roe.example\r\n2,John Roe,john@roe.example\n',
    [jane, of('2', 'John Roe', 'john@roe.example')],
  ],
  ['a byte order mark', '\ufeffId,Name,Email\n1,Jane Roe,jane@roe.example\n', [jane]],
  ['a byte order mark and quotation marks', '\ufeff"Id","Name","Email"\n"1","Jane Roe","jane@roe.example"\n', [jane]],
  ['other cases, spaces and signs', 'CONTACT_ID, full  name ,E-Mail Address\n1,Jane Roe,jane@roe.example\n', [jane]],
  ['other usual words', 'UUID,Display Name,E-mail,Telephone\n1,Jane Roe,jane@roe.example,0491 570 006\n', [janePhone]],
  ['given name and surname', 'Id,Given Name,Surname,Email\n1,Jane,Roe,jane@roe.example\n', [jane]],
  ['last name before first name', 'Id,Last_Name,FIRSTNAME,Email\n1,Roe,Jane,jane@roe.example\n', [jane]],
  ['a first name only', 'Id,First,Last,Email\n1,Jane,,jane@roe.example\n', [of('1', 'Jane', 'jane@roe.example')]],
  ['a last name only', 'Id,First,Last,Email\n1, ,Roe,jane@roe.example\n', [of('1', 'Roe', 'jane@roe.example')]],
  ['neither name', 'Id,First,Last,Email\n1,,,jane@roe.example\n', [of('1', null, 'jane@roe.example')]],
  [
    'the whole name before its parts, and these where it is blank',
    'Id,Name,First,Last,Email\n1,Jane Roe,J,R,jane@roe.example\n2, ,John,Roe,john@roe.example\n',
    [jane, of('2', 'John Roe', 'john@roe.example')],
  ],
  [
    'mobile before phone, and phone where it is blank',
    'Id,Name,Email,Phone,Mobile\n1,Jane Roe,jane@roe.example,03 5550 0001,0491 570 006\n1,Jane Roe,jane@roe.example,0491 570 006, \n',
    [janePhone, janePhone],
  ],
  [
    'phone before that of work, and work before home',
    'Id,Name,Email,Home Phone,Work Phone,Phone\n1,Jane Roe,jane@roe.example,1,2,0491 570 006\n2,J,j@roe.example,1,2,\n3,K,k@roe.example,1,,\n',
    [janePhone, of('2', 'J', 'j@roe.example', '2'), of('3', 'K', 'k@roe.example', '1')],
  ],
  ['no phone column', 'Id,Name,Email\n1,Jane Roe,jane@roe.example\n', [jane]],
  ['contact id before client id', 'Client ID,Contact ID,Name,Email\n9,1,Jane Roe,jane@roe.example\n', [jane]],
  ['client id where there is no other', 'Client ID,Name,Email\n1,Jane Roe,jane@roe.example\n', [jane]],
  ['other columns', 'Id,Name,Date of Birth,Email,TFN\n1,Jane Roe,1980-02-29,jane@roe.example,123456782\n', [jane]],
  ['semicolons', 'Id;Name;Email\n1;Roe, Jane;jane@roe.example\n', [of('1', 'Roe, Jane', 'jane@roe.example')]],
  ['tabs', 'Id\tName\tEmail\n1\tRoe, Jane; Ms\tjane@roe.example\n', [of('1', 'Roe, Jane; Ms', 'jane@roe.example')]],
  ['a first line for Excel', 'sep=;\r\nId;Name;Email\r\n1;Jane Roe;jane@roe.example\r\n', [jane]],
  ['a first line for Excel, with another sign', 'SEP=|\nId|Name|Email\n1|Jane Roe|jane@roe.example\n', [jane]],
  ['lines before the headings that are empty', '\n\r\nId,Name,Email\n1,Jane Roe,jane@roe.example\n', [jane]],
  ['empty lines between rows', 'Id,Name,Email\n\n1,Jane Roe,jane@roe.example\n\n', [jane]],
  [
    'commas, quotation marks and line ends within quotation marks',
    'Id,Name,Email\n1,"Roe, Jane ""JR""\nMs",jane@roe.example\n',
    [of('1', 'Roe, Jane "JR"\nMs', 'jane@roe.example')],
  ],
  [
    'a heading over two lines',
    'Id,Name,Email,"Phone\n(mobile)",Mobile\n1,Jane Roe,jane@roe.example,1,0491 570 006\n',
    [janePhone],
  ],
  [
    'cells that Excel must not change',
    'Id,Name,Email,Phone\n="1",Jane Roe,jane@roe.example,="0491 570 006"\n',
    [janePhone],
  ],
  [
    'the same in quotation marks, with a comma',
    'Id,Name,Email,Phone\n1,="Roe, Jane",jane@roe.example,"=""0491 570 006"""\n',
    [of('1', 'Roe, Jane', 'jane@roe.example', '0491 570 006')],
  ],
  ['an apostrophe before a phone', "Id,Name,Email,Phone\n1,Jane Roe,jane@roe.example,'0491 570 006\n", [janePhone]],
  [
    'an apostrophe against formulas',
    "Id,Name,Email,Phone\n'=1,'@Home Pty Ltd,jane@roe.example,'+61 491 570 006\n",
    [of('=1', '@Home Pty Ltd', 'jane@roe.example', '+61 491 570 006')],
  ],
  [
    'a name that begins with an apostrophe',
    "Id,Name,Email\n1,'t Hooft,jane@roe.example\n",
    [of('1', "'t Hooft", 'jane@roe.example')],
  ],
  [
    'a phone without its zero, as it is',
    'Id,Name,Email,Phone\n1,Jane Roe,jane@roe.example,491570006\n',
    [of('1', 'Jane Roe', 'jane@roe.example', '491570006')],
  ],
  [
    'spaces, several addresses and words, as they are',
    'Id,Name,Email,Phone\n 1 , JANE  ROE ,a@b.example; c@d.example,n/a\n',
    [of(' 1 ', ' JANE  ROE ', 'a@b.example; c@d.example', 'n/a')],
  ],
  ['cells that are empty', 'Id,Name,Email,Phone\n1,,,\n', [of('1', null, null)]],
  ['a blank id', 'Id,Name,Email\n,Jane Roe,jane@roe.example\n', [of('', 'Jane Roe', 'jane@roe.example')]],
  ['empty cells after the last heading', 'Id,Name,Email,,\n1,Jane Roe,jane@roe.example,,,\n', [jane]],
  [
    'rows that end with their last cell, below empty headings',
    'Id,Name,Email,,\n1,Jane Roe,jane@roe.example\n',
    [jane],
  ],
  ['the same row twice', 'Id,Name,Email\n1,Jane Roe,jane@roe.example\n1,Jane Roe,jane@roe.example\n', [jane, jane]],
  [
    'letters of everywhere',
    'Id,Name,Email\n1,Nguyễn Thị 陳 🐠,x@y.example\n',
    [of('1', 'Nguyễn Thị 陳 🐠', 'x@y.example')],
  ],
  [
    'columns that are called by settings',
    'Nr,Wer,Primary,Secondary,Ruf\n1,Jane Roe,no@roe.example,jane@roe.example,0491 570 006\n',
    [janePhone],
    { idColumn: 'nr', nameColumn: 'WER', emailColumn: 'secondary', phoneColumn: 'Ruf' },
  ],
  [
    'first and last names that are called by settings',
    'Id,Vor,Nach,Email\n1,Jane,Roe,jane@roe.example\n',
    [jane],
    { firstNameColumn: 'Vor', lastNameColumn: 'Nach' },
  ],
  [
    'a setting that settles which of two',
    'Id,Name,Email,Email Address,Phone,Cell\n1,Jane Roe,no@roe.example,jane@roe.example,0491 570 006,1\n',
    [janePhone],
    { emailColumn: 'Email Address', phoneColumn: 'Phone' },
  ],
  // printf 'jane roe\njane@roe.example' | sha256sum, and so on
  [
    'no id: name and email, whatever their case and spaces',
    'Name,Email,Phone\nJane Roe,jane@roe.example,0491 570 006\n JANE  ROE,Jane@ROE.example ,\n',
    [
      of('ne-7d3c0e4082402274818de0c7532e04a0', 'Jane Roe', 'jane@roe.example', '0491 570 006'),
      of('ne-7d3c0e4082402274818de0c7532e04a0', ' JANE  ROE', 'Jane@ROE.example '),
    ],
  ],
  ['no id and no email', 'Name,Email\nJane Roe,\n', [of('ne-20a8099529ccf033df8bf2f45d30d9cf', 'Jane Roe', null)]],
  [
    'no id and no name',
    'Name,Email\n,jane@roe.example\n',
    [of('ne-981262774136f11b5b51267ab7a21263', null, 'jane@roe.example')],
  ],
  ['no id, name and email', 'Name,Email,Phone\n,,0491 570 006\n', [of('', null, null, '0491 570 006')]],
];

test.each(files)('%s', async (_, text, records, settings = {}) => {
  const read = await readText(text, settings);
  expect(read.records).toEqual(records);
  expect(read).toMatchObject({ unreadable: [], skipped: {}, rows: records.length });
});

test.each([1, 2, 3, 7])('the same in pieces of %i bytes', async (size) => {
  for (const [, text, records, settings = {}] of files) {
    expect((await readText(text, { ...settings, open: fileOf(text, size) })).records, text).toEqual(records);
  }
});

const three = 'Id,Name,Email,Phone\n1,Jane Roe,jane@roe.example,0491 570 006\n';

test.each([
  ['too few cells', '2,John Roe\n', null, 'line 3', 'it has 2 cells, and the first line has 4'],
  ['too many cells', '2,Roe, John,john@roe.example,1\n', null, 'line 3', 'it has 5 cells, and the first line has 4'],
  [
    'a phone that was rounded',
    '2,John Roe,john@roe.example,4.0E+08\n',
    '2',
    'line 3, column 4',
    'a spreadsheet made a rounded number of the phone, as in 6.14E+10',
  ],
  [
    'the same with a comma',
    '2,John Roe,john@roe.example,"6,14E+10"\n',
    '2',
    'line 3, column 4',
    'a spreadsheet made a rounded number of the phone, as in 6.14E+10',
  ],
  [
    'an id that was rounded',
    '1.23457E+15,John Roe,john@roe.example,\n',
    null,
    'line 3, column 1',
    'a spreadsheet made a rounded number of the id, as in 6.14E+10',
  ],
  [
    'too few cells after a cell of three lines',
    '2,"a\r\nb\nc",john@roe.example,\n3\n',
    null,
    'line 6',
    'it has 1 cells, and the first line has 4',
  ],
])('%s are unreadable, and the others are read', async (_, text, externalId, where, problem) => {
  const read = await readText(`${three}${text}4,Kim Lee,kim@lee.example,\n`);
  expect(read.unreadable).toEqual([{ externalId, where, problem }]);
  expect(read.records[0]).toEqual(janePhone);
  expect(read.records.at(-1)).toEqual(of('4', 'Kim Lee', 'kim@lee.example'));
});

test('rows without anything are skipped and counted', async () => {
  const read = await readText(`${three},,,\n  \n" ",,,\n2\n`);
  expect(read.skipped).toEqual({ empty_row: 3 });
  expect(read.unreadable).toMatchObject([{ where: 'line 6' }]);
  expect(read.rows).toBe(5);
});

test('a rounded number in a column that does not count changes nothing', async () => {
  const text = 'Id,Name,Email,Mobile,Phone\n1,Jane Roe,jane@roe.example,0491 570 006,6.1E+10\n';
  expect((await readText(text)).records).toEqual([janePhone]);
});

test('headings without rows are a complete list of nobody', async () => {
  expect(await readText('Id,Name,Email\n')).toMatchObject({ records: [], rows: 0 });
  expect(await readText('Name,Email')).toMatchObject({ records: [], rows: 0 });
});
