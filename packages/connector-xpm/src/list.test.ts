import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ContactSyncError } from '@contact-sync/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientListReader, type WireClient } from './list.js';

const fixture = readFileSync(new URL('../test/client-list.xml', import.meta.url));

function read(body: string | Uint8Array, size = Number.POSITIVE_INFINITY): WireClient[] {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const reader = clientListReader('a-reference');
  const clients: WireClient[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    clients.push(...reader.write(bytes.subarray(at, Math.min(at + size, bytes.length))));
  }
  return [...clients, ...reader.end()];
}

function failure(body: string | Uint8Array): ContactSyncError {
  try {
    read(body);
  } catch (error) {
    if (error instanceof ContactSyncError) return error;
    throw error;
  }
  throw new Error('the body was accepted');
}

const list = (clients: string) => `<Response><Status>OK</Status><Clients>${clients}</Clients></Response>`;
const client = (inner: string) => list(`<Client>${inner}</Client>`);
const none = new Map();

/** What a person reads in test/client-list.xml. */
const expected: WireClient[] = [
  {
    number: 1,
    fields: {
      UUID: '5c0f2a2e-6d0b-4c39-9d55-0a4a4d0c1f01',
      Name: 'Harbour & Co Pty Ltd',
      Email: 'accounts@harbour.example',
      Phone: '02 5550 0001',
      IsProspect: 'No',
      IsArchived: 'No',
      IsDeleted: 'No',
      BusinessStructure: 'Company',
    },
    faults: none,
    contacts: [
      {
        fields: {
          UUID: 'aa110000-0000-4000-8000-000000000001',
          Name: 'Jane Roe',
          Mobile: '0400 000 001',
          Email: 'jane@harbour.example',
          IsDeleted: 'No',
        },
        faults: none,
      },
      {
        fields: {
          UUID: 'bb220000-0000-4000-8000-000000000002',
          Name: 'Kāra Ōtene 🐠',
          Email: 'KARA@HARBOUR.EXAMPLE',
          Phone: '0400000002',
          IsDeleted: 'No',
        },
        faults: none,
      },
    ],
  },
  {
    number: 2,
    fields: {
      UUID: '5c0f2a2e-6d0b-4c39-9d55-0a4a4d0c1f02',
      Name: 'Roe, John',
      FirstName: 'John',
      LastName: 'Roe',
      Email: 'john@roe.example',
      Phone: '+61 400 000 003',
      IsProspect: 'No',
      IsArchived: 'No',
      IsDeleted: 'No',
      BusinessStructure: 'Individual',
    },
    faults: none,
    contacts: [],
  },
  {
    number: 3,
    fields: {
      UUID: '5c0f2a2e-6d0b-4c39-9d55-0a4a4d0c1f03',
      Name: 'Old <Shop>',
      IsArchived: 'Yes',
      IsDeleted: 'No',
    },
    faults: none,
    contacts: [
      { fields: { UUID: 'cc330000-0000-4000-8000-000000000003', Name: 'Gone', IsDeleted: 'No' }, faults: none },
    ],
  },
];

test('the fixture is read field by field, and nothing else of it', () => {
  expect(read(fixture)).toEqual(expected);
  expect(inspect(read(fixture), { depth: null })).not.toContain('CANARY');
});

test.each([1, 2, 3, 1000])('chunks of %i bytes give the same clients', (size) => {
  expect(read(fixture, size)).toEqual(read(fixture));
});

test('M6: a body cut at any byte never counts as whole', () => {
  for (let end = 0; end < fixture.length; end += 1) {
    const code = failure(fixture.subarray(0, end)).code;
    expect(code, `cut after byte ${end}`).toBe(end === 0 ? 'source_unreadable' : 'source_incomplete');
  }
  expect(read(fixture)).toHaveLength(3);
});

test.each([0, 1, 2])('M9: %i clients with %i contacts are that many', (n) => {
  const contacts = (of: number) => `<Contacts>${`<Contact><UUID>${of}</UUID></Contact>`.repeat(n)}</Contacts>`;
  const clients = Array.from({ length: n }, (_, index) => `<Client>${contacts(index)}</Client>`).join('');
  expect(read(list(clients)).map(({ contacts: all }) => all.map(({ fields }) => fields.UUID))).toEqual(
    Array.from({ length: n }, (_, index) => Array.from({ length: n }, () => String(index))),
  );
});

test('M7: every text stays the text it is, numbers with leading zeros too', () => {
  const digits = fc.stringMatching(/^[0-9+.eExX-]{1,12}$/);
  fc.assert(
    fc.property(digits, digits, (uuid, mobile) => {
      const [only] = read(
        client(`<Contacts><Contact><UUID>${uuid}</UUID><Mobile>${mobile}</Mobile></Contact></Contacts>`),
      );
      expect(only?.contacts[0]?.fields).toEqual({ UUID: uuid, Mobile: mobile });
    }),
  );
  for (const text of ['0400000001', '0123', '1e5', '0x10', '00', '-0', 'true', 'null', '1003.0']) {
    expect(read(client(`<Phone>${text}</Phone>`))[0]?.fields.Phone).toBe(text);
  }
});

test.each([
  '',
  '<Email></Email>',
  '<Email/>',
  '<Email />',
  '<Email>  </Email>',
  '<Email>\n  </Email>',
  '<Email>&#160;</Email>',
])('the email %j is none', (email) => {
  expect(read(client(`<Name>x</Name>${email}`))[0]).toEqual({
    number: 1,
    fields: { Name: 'x' },
    faults: none,
    contacts: [],
  });
});

test('texts are handed over as they are, spaces, line feeds and all', () => {
  expect(read(client('<Name> Jane \n  Roe </Name>'))[0]?.fields.Name).toBe(' Jane \n  Roe ');
});

test.each([
  ['twice', '<Email>a@b.example</Email><Email>c@d.example</Email>', 'Email', 'Email is there twice'],
  ['twice and empty', '<Email/><Email/>', 'Email', 'Email is there twice'],
  ['contacts twice', '<Contacts/><Contacts/>', 'Contacts', 'Contacts is there twice'],
  ['with elements', '<Name>Jane <b>Roe</b></Name>', 'Name', 'Name holds other elements'],
  ['too long', `<Name>${'x'.repeat(65_537)}</Name>`, 'Name', 'Name is longer than 65536 characters'],
])('a field %s is a fault of its row', (_, inner, field, problem) => {
  expect(read(client(inner))[0]?.faults).toEqual(new Map([[field, problem]]));
});

test('a field may be as long as allowed', () => {
  expect(read(client(`<Name>${'x'.repeat(65_536)}</Name>`))[0]?.fields.Name).toHaveLength(65_536);
});

test('elements of the same names elsewhere are not taken for fields or rows', () => {
  const inner = `<UUID>1</UUID><AccountManager><UUID>2</UUID><Name>no</Name></AccountManager>
    <Groups><Group><UUID>3</UUID><Client><UUID>4</UUID></Client></Group></Groups>
    <constructor>x</constructor><__proto__>x</__proto__><toString><Email>no</Email></toString>`;
  expect(read(client(inner))).toEqual([{ number: 1, fields: { UUID: '1' }, faults: none, contacts: [] }]);
});

test('WebUrl may stand beside a client, and api-method and order do not matter', () => {
  const body = `<Response api-method="X"><Clients><Client><Name>x</Name><UUID>1</UUID></Client><WebUrl>y</WebUrl></Clients><Status>OK</Status></Response>`;
  expect(read(body).map(({ fields }) => fields)).toEqual([{ UUID: '1', Name: 'x' }]);
});

test('no client is handed over before the answer says OK', () => {
  const reader = clientListReader();
  const encode = (text: string) => new TextEncoder().encode(text);
  expect(reader.write(encode('<Response><Clients><Client><UUID>1</UUID></Client></Clients>'))).toEqual([]);
  expect(reader.write(encode('<Status>OK</Status>'))).toHaveLength(1);
  expect(reader.write(encode('</Response>'))).toEqual([]);
  expect(reader.end()).toEqual([]);
});

test.each([
  ['<html><body>Sorry</body></html>', 'has no Response as its root'],
  ['<response><Status>OK</Status><Clients/></response>', 'has no Response as its root'],
  ['<Response/>', 'has no Status that is OK or ERROR'],
  ['<Response><Clients/></Response>', 'has no Status that is OK or ERROR'],
  ['<Response><Status>MAYBE</Status><Clients/></Response>', 'has no Status that is OK or ERROR'],
  ['<Response><Status>OK</Status></Response>', 'says OK and has no Clients'],
  ['<Response><Status>OK</Status><Client/></Response>', 'holds a Client where this API has none'],
  ['<Response><Status>OK</Status><Contact/></Response>', 'holds a Contact where this API has none'],
  [client('<Contact/>'), 'holds a Contact where this API has none'],
  [client('<Client/>'), 'holds a Client where this API has none'],
  [list('<Contact/>'), 'holds a Contact where this API has none'],
  [client('<Contacts><Client/></Contacts>'), 'holds a Client where this API has none'],
  [
    '<Response><Status>OK</Status><Status>ERROR</Status><Clients/></Response>',
    'cannot be relied on: Status is there twice',
  ],
  ['<Response><Status>OK</Status><Clients/><Clients/></Response>', 'cannot be relied on: Clients is there twice'],
])('%s is no list', (body, problem) => {
  const error = failure(body);
  expect(error.code).toBe('source_unreadable');
  expect(error.message).toBe(`The answer of Xero Practice Manager ${problem}.`);
  expect(error.reference).toBe('a-reference');
});

test('an empty list is one', () => {
  expect(read('<Response api-method="List"><Status>OK</Status><Clients /></Response>')).toEqual([]);
});

test('a refusal is told in the words of the API, on one line and not too many', () => {
  const refused = (text: string) =>
    failure(`<Response><Status>ERROR</Status><ErrorDescription>${text}</ErrorDescription></Response>`);
  const error = refused('Invalid\n  client&#9;identifier');
  expect(error.code).toBe('source_refused');
  expect(error.message).toBe('Xero Practice Manager refused the request. It said: Invalid client identifier');
  expect(refused('x'.repeat(10_000)).message).toHaveLength(252);
  expect(refused('').message).toBe('Xero Practice Manager refused the request. It did not say why.');
});

test('what is kept of a client does not keep the rest of it in memory', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  const reader = clientListReader();
  const kept: WireClient[] = [];
  const write = (text: string) => kept.push(...reader.write(new TextEncoder().encode(text)));
  write('<Response><Status>OK</Status><Clients>');
  const passedOver = `<TaxNumber>${'private '.repeat(8000)}</TaxNumber>`;
  for (let n = 0; n < 1000; n += 1) write(`<Client><Name>A name that is not short ${n}</Name>${passedOver}</Client>`);
  const grown = used() - before;
  expect(kept).toHaveLength(1000);
  // 64 MB went through; the names are less than a tenth of one.
  expect(grown).toBeLessThan(10_000_000);
});
