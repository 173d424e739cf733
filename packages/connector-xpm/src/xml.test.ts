import { ContactSyncError } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { xmlReader } from './xml.js';

/** All text of the elements called `a`, read in chunks of `size` bytes. */
function read(document: string | Uint8Array, size = Number.POSITIVE_INFINITY): string {
  const bytes = typeof document === 'string' ? new TextEncoder().encode(document) : document;
  const texts: string[] = [];
  const reader = xmlReader(
    { open: (name) => (name === 'a' ? 'text' : 'elements'), text: (text) => texts.push(text), close: () => undefined },
    'a-reference',
  );
  for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, Math.min(at + size, bytes.length)));
  reader.end();
  return texts.join('');
}

function failure(document: string | Uint8Array, size?: number): ContactSyncError {
  try {
    read(document, size);
  } catch (error) {
    if (error instanceof ContactSyncError) return error;
    throw error;
  }
  throw new Error('the document was accepted');
}

test.each([
  ['<a>Harbour &amp; Co</a>', 'Harbour & Co'],
  ['<a>&lt;b&gt; &quot;c&quot; &apos;d&apos;</a>', `<b> "c" 'd'`],
  ['<a>K&#257;ra &#x1F420;</a>', 'Kāra 🐠'],
  ['<a>two<!-- CANARY --> parts</a>', 'two parts'],
  ['<a>raw <![CDATA[<b> & ]]>too</a>', 'raw <b> & too'],
  ['<?xml version="1.0" encoding="utf-8"?>\n<a>declared</a>\n', 'declared'],
  ['<a>one\r\ntwo</a>', 'one\ntwo'],
  ['\ufeff<a>after a byte order mark</a>', 'after a byte order mark'],
  ['<r><b>no</b><a>yes</a><b>no &amp; no</b></r>', 'yes'],
  ['<r><a/><a></a><a>x</a></r>', 'x'],
])('%j holds %j, however it is cut', (document, text) => {
  expect(read(document)).toBe(text);
  for (const size of [1, 2, 3, 7]) expect(read(document, size)).toBe(text);
});

test.each([
  ['a document type', '<!DOCTYPE r><a>x</a>'],
  ['a document type with entities', '<!DOCTYPE r [<!ENTITY x "CANARY">]><a>&x;</a>'],
  ['a document type that reads a file', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['an entity of HTML', '<a>&nbsp;</a>'],
  ['an entity named as a property of objects', '<a>&toString;</a>'],
  ['another one', '<a>&constructor;</a>'],
  ['a prototype as an entity', '<a>&__proto__;</a>'],
  ['a bare ampersand', '<a>Harbour & Co</a><b>&amp;</b>'],
  ['a control character', '<a>CANARY\u000b</a>'],
  ['a null', '<a>CANARY\u0000</a>'],
  ['a control character as a reference', '<a>CANARY&#x1F;</a>'],
  ['a decimal one', '<a>CANARY&#11;</a>'],
  ['a null as a reference', '<a>CANARY&#0;</a>'],
  ['half a surrogate pair as a reference', '<a>&#xD83D;</a>'],
  ['a reference beyond Unicode', '<a>&#x110000;</a>'],
  ['a control character allowed by XML 1.1', '<?xml version="1.1"?><a>&#x1;</a>'],
  ['a tag that was not opened', '<a>x</b></a>'],
  ['a name that looks like a tag', '<a>CANARY <jane@roe.example></a>'],
  ['two roots', '<a>x</a><a>y</a>'],
  ['text after the root', '<a>x</a>CANARY'],
  ['text in place of XML', 'CANARY: service unavailable'],
  ['JSON', '{"Status":401}'],
  ['an attribute twice', '<a b="1" b="2">x</a>'],
  ['nothing', ''],
  ['nothing but white space', ' \r\n\t '],
])('M8: %s is unreadable, wherever it is cut', (_, document) => {
  for (const size of [Number.POSITIVE_INFINITY, 1]) {
    const error = failure(document, size);
    expect(error.code).toBe('source_unreadable');
    expect(error.reference).toBe('a-reference');
    expect(`${error.message} ${error.hint} ${error.cause ?? ''}`).not.toMatch(/CANARY|jane|passwd/);
  }
});

test('of an element of which nothing is asked the visitor hears no more, whatever it holds', () => {
  const heard: string[] = [];
  const reader = xmlReader(
    {
      open: (name) => {
        heard.push(`<${name}>`);
        return name === 'a' ? 'text' : name === 'r' ? 'elements' : 'nothing';
      },
      text: (text) => heard.push(text),
      close: () => heard.push('/'),
    },
    undefined,
  );
  const document = '<r><b>no<b>no</b><a>no</a><b/></b><a>yes</a><b/><a>too<b>no</b></a></r>';
  for (const byte of new TextEncoder().encode(document)) reader.write(Uint8Array.of(byte));
  reader.end();
  expect(heard).toEqual(['<r>', '<b>', '<a>', 'yes', '/', '<b>', '<a>', 'too', '<b>', '/', '/']);
});

test('the position of a fault is told', () => {
  expect(failure('<r>\n<a>Jane \u000b</a></r>').message).toBe(
    'The answer of Xero Practice Manager is not well-formed XML: disallowed character (line 2, column 9).',
  );
});

test.each([
  ['an unpaired byte', [0x3c, 0x61, 0x3e, 0xe9, 0x3c, 0x2f, 0x61, 0x3e]],
  ['an overlong form', [0x3c, 0x61, 0x3e, 0xc0, 0xaf, 0x3c, 0x2f, 0x61, 0x3e]],
  ['UTF-16', [0xff, 0xfe, 0x3c, 0x00, 0x61, 0x00, 0x2f, 0x00, 0x3e, 0x00]],
])('%s is not UTF-8', (_, bytes) => {
  for (const size of [100, 1]) expect(failure(Uint8Array.from(bytes), size).message).toContain('UTF-8');
});

test('a document that was only begun is incomplete, and not unreadable', () => {
  const bytes = new TextEncoder().encode('<r><a>Kāra 🐠</a></r>');
  for (let end = 1; end < bytes.length; end += 1)
    expect(failure(bytes.subarray(0, end)).code).toBe('source_incomplete');
  expect(read(bytes)).toBe('Kāra 🐠');
});

test('a character that is only begun after the root is missing its end', () => {
  const bytes = Buffer.concat([Buffer.from('<a>x</a>'), Buffer.from([0xc3])]);
  for (const size of [100, 1]) expect(failure(bytes, size).code).toBe('source_incomplete');
});

test('a document may be far longer than a token, in one chunk too', () => {
  const document = `<r>${'<a>x</a>'.repeat(400_000)}</r>`;
  for (const size of [Number.POSITIVE_INFINITY, 2 ** 21]) expect(read(document, size)).toHaveLength(400_000);
});

test('a token without end is given up before it ends', () => {
  const reader = xmlReader({ open: () => 'elements', text: () => undefined, close: () => undefined }, undefined);
  const chunk = new TextEncoder().encode('x'.repeat(2 ** 20));
  reader.write(new TextEncoder().encode('<a b="'));
  reader.write(chunk.subarray(100));
  expect(() => reader.write(chunk)).toThrow('characters between two tags');
});

test('M8: a million references in one element end the read early, and in many elements are read', () => {
  const references = '&#65;'.repeat(1_000_000);
  expect(failure(`<r><a>${references}</a></r>`, 64 * 1024).message).toContain('1048576 characters between two tags');
  const elements = `<a>${'&#65;'.repeat(1000)}</a>`.repeat(1000);
  expect(read(`<r>${elements}</r>`, 64 * 1024)).toBe('A'.repeat(1_000_000));
});

test.each([
  ['text that is passed over', `<r><b>${'x'.repeat(2 ** 21)}</b></r>`],
  ['an attribute', `<r b="${'x'.repeat(2 ** 21)}"/>`],
  ['a comment', `<r><!--${'x'.repeat(2 ** 21)}--></r>`],
  ['a name', `<r><${'x'.repeat(2 ** 21)}/></r>`],
  ['CDATA', `<r><a><![CDATA[${'x'.repeat(2 ** 21)}]]></a></r>`],
])('%s of two million characters ends the read, in one chunk or many', (_, document) => {
  for (const size of [Number.POSITIVE_INFINITY, 64 * 1024]) {
    expect(failure(document, size).message).toContain('1048576 characters between two tags');
  }
});

test('elements may not nest without end', () => {
  expect(read(`${'<b>'.repeat(31)}<a>x</a>${'</b>'.repeat(31)}`)).toBe('x');
  expect(failure(`${'<b>'.repeat(32)}<a>x</a>${'</b>'.repeat(32)}`).message).toContain('deeper than 32');
});
