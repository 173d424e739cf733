import { type Contact, ContactSyncError, compareContactIds } from '@contact-sync/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatContacts, type ParseOptions, parseContacts } from './contacts-file.js';

const heading = 'id,name,email,phone,recordType,forcedManual,metadata';

function options(more: Partial<ParseOptions> = {}): ParseOptions {
  let next = 100;
  return { format: 'csv', source: 'xpm:t', region: 'AU', newId: () => String(next++), ...more };
}

test('a CSV file as a person would write it', () => {
  const text = `\ufeff${heading}\r\n7,  John  Smith ,john@smith.com,0400 000 001,contact-sync,no,A\r\n,Mary Smith,mary@smith.com,,,,\r\n`;
  expect(parseContacts(text, options())).toEqual([
    {
      id: '7',
      name: 'John Smith',
      email: 'john@smith.com',
      phone: '+61400000001',
      recordType: 'contact-sync',
      forcedManual: false,
      link: { source: 'xpm:t', externalId: 'A' },
      missingSince: null,
    },
    {
      id: '100',
      name: 'Mary Smith',
      email: 'mary@smith.com',
      phone: null,
      recordType: 'manual',
      forcedManual: false,
      link: null,
      missingSince: null,
    },
  ]);
});

test('semicolons, other capitals, an invalid phone and a separator in quotes', () => {
  const [contact] = parseContacts('Name;EMAIL;Phone\n"Smith; John";j@s.com;ask reception\n', options());
  expect(contact).toMatchObject({ name: 'Smith; John', email: 'j@s.com', phone: 'ask reception', id: '100' });
});

test('tabs, and a source whose UUID is written large', () => {
  const text = 'name\temail\tmetadata\nA\ta@x.com\tX\n';
  const [contact] = parseContacts(text, options({ source: 'XPM:8C0E7B0A-3F51-4A6C-9A43-6A3A0A6D1C11' }));
  expect(contact?.link).toEqual({ source: 'xpm:8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11', externalId: 'X' });
});

test.each(['nonsense', 'XPM:t', 'xpm:', ': t'])('%j is no source', (source) => {
  expect(() => parseContacts('name,email,metadata\nA,a@x.com,X', options({ source }))).toThrow('is not a source');
});

test('JSON, numbers as ids, and ids of the file not given again', () => {
  const text = JSON.stringify([
    { name: 'A', email: 'a@x.com' },
    { id: 100, name: 'B', email: 'b@x.com' },
  ]);
  expect(parseContacts(text, options({ format: 'json' })).map(({ id }) => id)).toEqual(['101', '100']);
});

test.each([
  ['an empty file', '', 'no contacts'],
  ['a heading alone', heading, 'no contacts'],
  ['an unknown column', 'name,email,birthday\nA,a@x.com,1970-01-01', 'line 1: there is no column "birthday"'],
  ['a column twice', 'name,email,EMAIL\nA,a@x.com,b@x.com', 'line 1: the column email is there twice'],
  ['no name', 'email\na@x.com', 'line 2: name is missing'],
  ['an empty name', 'name,email\n ,a@x.com', 'line 2: There is no name.'],
  ['two addresses', 'name,email\nA,a@x.com b@x.com', 'line 2: The email field holds several addresses.'],
  [
    'a record type',
    'name,email,recordType\nA,a@x.com,synced',
    'line 2: recordType is one of manual, contact-sync, external',
  ],
  ['a flag', 'name,email,forcedManual\nA,a@x.com,maybe', 'line 2: forcedManual is true or false'],
  ['an id twice', 'id,name,email\n1,A,a@x.com\n1,B,b@x.com', 'line 3: the id is that of line 2 too'],
  ['metadata twice', 'name,email,metadata\nA,a@x.com,X\nB,b@x.com,X', 'line 3: the metadata is that of line 2 too'],
  [
    'a synced contact without metadata',
    'name,email,recordType\nA,a@x.com,contact-sync',
    'line 2: a contact-sync contact needs metadata',
  ],
  ['a line that is too long', 'name,email\nA,a@x.com,b', 'line 2: not a CSV line like the others'],
  ['a quote left open', 'name,email\n"A,a@x.com', 'not a CSV line'],
  ['a control character', 'name,email,metadata\nA,a@x.com,"X\tY"', 'line 2: metadata holds control characters'],
])('%s is refused, and it is said where', (_, text, message) => {
  expect(() => parseContacts(text, options())).toThrow(message);
  expect(() => parseContacts(text, options())).toThrow(ContactSyncError);
});

test.each([
  ['{"name":"A"}', 'not a list'],
  ['[', 'not JSON'],
  ['[]', 'no contacts'],
  ['[1]', 'contact 1: not a contact'],
  ['[{"name":"A","email":"a@x.com","metadata":"X"}]', 'which source the metadata belongs to'],
])('JSON %s is refused', (text, message) => {
  expect(() => parseContacts(text, options({ format: 'json', source: null }))).toThrow(message);
});

test('every fault is listed, up to twenty', () => {
  const lines = Array.from({ length: 30 }, () => 'A,nobody').join('\n');
  expect(() => parseContacts(`name,email\n${lines}`, options())).toThrow(/line 21: .*\n {2}… and 10 more$/s);
});

const text = fc.stringMatching(/^[=+\-@']{0,3}[a-zA-Zé😀'",;]{1,8}( [=a-z]{1,4})?$/u);
const contact = fc.record({
  name: text,
  email: fc.stringMatching(/^[=+-]?[a-z']{1,6}@[a-z]{1,5}\.com$/),
  phone: fc.constantFrom(null, '+61400000001', 'ask for "J"', '=1+1'),
  recordType: fc.constantFrom('manual', 'contact-sync', 'external'),
  forcedManual: fc.boolean(),
  missingSince: fc.constantFrom(null, '2026-01-31T00:00:00.000Z'),
});
const book = fc
  .array(contact, { minLength: 1, maxLength: 6 })
  .map((rows): Contact[] =>
    rows.map(
      (row, index) =>
        ({ ...row, id: String(index + 1), link: { source: "bgl:'=1", externalId: `@${index}` } }) as Contact,
    ),
  );

test.each(['csv', 'json'] as const)('what is written as %s is read back the same', (format) => {
  fc.assert(
    fc.property(book, (contacts) => {
      const read = parseContacts(formatContacts(contacts, format), options({ format, source: null }));
      expect(read.sort((a, b) => compareContactIds(a.id, b.id))).toEqual(contacts);
    }),
  );
});

test('no cell of the CSV begins like a formula', () => {
  fc.assert(
    fc.property(book, (contacts) => {
      for (const line of formatContacts(contacts, 'csv').split('\n')) {
        expect(line).not.toMatch(/(^|,)"?[=+\-@\t\r]/);
      }
    }),
  );
});
