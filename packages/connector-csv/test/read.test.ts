import { Readable } from 'node:stream';
import { practice } from '@contact-sync/connector-kit/mock';
import { type ErrorCode, type Read, readAll } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { csv } from '../src/index.js';
import { mock } from '../src/mock/index.js';
import { failureOf } from './setup.js';

async function readMock(options: Parameters<typeof mock.serve>[0]): Promise<Read> {
  const served = await mock.serve(options);
  try {
    const { file = '', name } = served.settings;
    return await readAll(csv({ file, name }));
  } finally {
    await served.close();
  }
}

test('a made-up practice is read from its file', async () => {
  const { people } = practice({ seed: 9, size: 1200 });
  const read = await readMock({ seed: 9, contacts: 1200 });
  const there = people.filter(({ deleted, deceased }) => !deleted && !deceased);
  expect(read.records).toEqual(
    there.map(({ id, name, email, mobile, phone }) => ({
      externalId: id,
      name,
      email: email || null,
      phone: mobile || phone || null,
    })),
  );
  expect(read.rows).toBe(there.length);
});

test('the mock serves given records, and the connector reads exactly these', async () => {
  const records = [
    { externalId: 'A', name: 'Smith, "John"', email: 'john@smith.com', phone: null },
    { externalId: 'B', name: ' Mary\nSmith ', email: null, phone: '0491 570 006' },
  ];
  expect((await readMock({ records })).records).toEqual(records);
});

const failing: Record<string, ErrorCode> = {
  cut: 'source_incomplete',
  quote: 'source_unreadable',
  'open-quote': 'source_unreadable',
  'wrong-charset': 'source_unreadable',
  nulls: 'source_unreadable',
  page: 'source_unreadable',
  workbook: 'source_unreadable',
  empty: 'source_unreadable',
  'no-headings': 'source_unreadable',
  'two-emails': 'source_unreadable',
};

test.each(Object.entries(failing))('the fault %s ends the read with %s', async (fault, code) => {
  expect((await failureOf(readMock({ contacts: 30, fault }))).code).toBe(code);
});

const harmless = ['semicolons', 'tabs', 'bom', 'utf-16', 'empty-rows'];

test.each(harmless)('with the fault %s the same is read', async (fault) => {
  expect((await readMock({ contacts: 30, fault })).records).toEqual((await readMock({ contacts: 30 })).records);
});

test('with the fault short-row all but one are read, and with nobody none', async () => {
  const { records, unreadable } = await readMock({ contacts: 30, fault: 'short-row' });
  expect(records).toEqual((await readMock({ contacts: 30 })).records.slice(1));
  expect(unreadable).toMatchObject([{ where: 'line 2', externalId: null }]);
  expect(await readMock({ fault: 'nobody' })).toMatchObject({ records: [], rows: 0 });
});

test('every fault is tried here', async () => {
  const tried = [...Object.keys(failing), ...harmless, 'short-row', 'nobody'];
  expect(Object.keys(mock.faults).sort()).toEqual(tried.sort());
  await expect(mock.serve({ fault: 'fire' })).rejects.toMatchObject({ code: 'setting_invalid' });
});

const text = 'Id,Name,Email\n1,Jane Roe,jane@roe.example\n';

test('standard input is read as it comes, once', async () => {
  const stdin = Readable.from([text.slice(0, 20), Buffer.from(text.slice(20))]);
  const source = csv({ file: '-', name: 'piped', stdin });
  expect((await readAll(source)).records).toEqual([
    { externalId: '1', name: 'Jane Roe', email: 'jane@roe.example', phone: null },
  ]);
  expect(await failureOf(readAll(source))).toMatchObject({
    code: 'setting_invalid',
    message: 'file: standard input was read already.',
  });
});

test('pages are there before standard input ends, and a read that waits for it can be cancelled', async () => {
  const stdin = new Readable({ read: () => undefined });
  stdin.push(`Name,Email\n${Array.from({ length: 700 }, (_, n) => `N${n},n${n}@x.example\n`).join('')}`);
  const stop = new AbortController();
  const reading = csv({ file: '-', name: 'piped', stdin }).read({ signal: stop.signal });
  const { value } = await reading.next();
  expect(value).toMatchObject({ records: { length: 500 } });
  const next = failureOf(reading.next());
  stop.abort();
  expect((await next).code).toBe('cancelled');
});

test('standard input that breaks is not whole', async () => {
  const stdin = Readable.from(
    (function* () {
      yield text;
      throw Object.assign(new Error('EPIPE'), { code: 'EPIPE' });
    })(),
  );
  expect((await failureOf(readAll(csv({ file: '-', name: 'piped', stdin })))).code).toBe('source_unavailable');
});
