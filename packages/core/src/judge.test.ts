import { expect, test } from 'vitest';
import { emailFault, judge, nameFault } from './judge.js';
import { defaultPolicy } from './policy.js';
import type { Read } from './read.js';
import type { RawRecord, UnreadableRow } from './source.js';

function row(externalId: string, more: Partial<RawRecord> = {}): RawRecord {
  return { externalId, name: 'John Smith', email: `${externalId}@x.com`, phone: null, ...more };
}

function read(records: RawRecord[], unreadable: UnreadableRow[] = []): Read {
  return { source: 'xpm:t', tenant: null, records, unreadable, skipped: {}, rows: records.length + unreadable.length };
}

function faultsOf(record: RawRecord, policy = defaultPolicy) {
  const [judged] = judge(read([record]), policy).records;
  return judged?.valid === false ? judged.faults : [];
}

test.each([
  ['', ['rejected_name_missing']],
  ['n'.repeat(200), []],
  ['n'.repeat(201), ['rejected_name_too_long']],
  ['😀'.repeat(200), []],
  [`${' '.repeat(300)}n`, []],
  ['a\u0000', ['rejected_name_characters']],
  ['\n', ['rejected_name_characters']],
  ['\u202ename', ['rejected_name_characters']],
])('name %j has faults %j', (name, faults) => {
  expect(faultsOf(row('A', { name }))).toEqual(faults);
});

test.each([
  ['john@smith.com', null],
  ["o'brien+tag@sub.smith.com.au", null],
  ['smith&sons@smith.com', null],
  ['JOHN@SMITH.COM', null],
  [`${'a'.repeat(242)}@smith.com.au`, 'rejected_email_too_long'],
  ['', 'rejected_email_missing'],
  ['a\tb@x.com', 'rejected_email_characters'],
  ['a@x.com; b@x.com', 'rejected_email_several'],
  ['a@x.com,b@x.com', 'rejected_email_several'],
  ['a@x.com b@x.com', 'rejected_email_several'],
  ['a@x.com / b@x.com', 'rejected_email_several'],
  ['Jane <jane@x.com>', 'rejected_email_invalid'],
  ['a@x.com;', 'rejected_email_invalid'],
  ['john smith@x.com', 'rejected_email_invalid'],
  ['john@localhost', 'rejected_email_invalid'],
  ['john.x.com', 'rejected_email_invalid'],
  ['@x.com', 'rejected_email_invalid'],
])('email %j: %s', (email, fault) => {
  expect(emailFault(email)).toBe(fault);
});

test.each([
  ['  ', ['rejected_id_missing']],
  ['x'.repeat(128), []],
  ['x'.repeat(129), ['rejected_id_too_long']],
  ['a\u202eb', ['rejected_id_characters']],
  [' a ', []],
])('id %j has faults %j', (externalId, faults) => {
  expect(faultsOf(row(externalId, { email: 'j@x.com' }))).toEqual(faults);
});

test('the faults of all fields are listed, in the order of the fields, one for each', () => {
  const record = { externalId: '', name: null, email: 'a@x.com b', phone: '12' };
  const strict = { ...defaultPolicy, invalidPhone: 'reject' as const };
  expect(faultsOf(record, strict)).toEqual([
    'rejected_id_missing',
    'rejected_name_missing',
    'rejected_email_invalid',
    'rejected_phone_invalid',
  ]);
});

test('a rejected record without an id has none, and proves nobody missing', () => {
  const judged = judge(read([row(' ')]), defaultPolicy);
  expect(judged.records).toMatchObject([{ valid: false, externalId: null }]);
  expect(judged.provesAbsence).toBe(false);
  expect(judged.ids.size).toBe(0);
});

test('a phone that is not valid is dropped and flagged, one too long as well', () => {
  for (const phone of ['12', `0400 000 001${' '.repeat(1)}${'x'.repeat(60)}`]) {
    const [judged] = judge(read([row('A', { phone })]), defaultPolicy).records;
    expect(judged).toMatchObject({ valid: true, details: { phone: null }, says: { phone }, flags: ['phone_dropped'] });
  }
});

test('what a valid record says is made canonical', () => {
  const [judged] = judge(read([row('A', { name: ' John  Smith', phone: '0400 000 001' })]), defaultPolicy).records;
  expect(judged).toMatchObject({ valid: true, details: { name: 'John Smith', phone: '+61400000001' }, flags: [] });
});

test('copies that are the same once canonical are decided once', () => {
  const judged = judge(read([row('A'), row('A', { name: 'John  Smith ' }), row('A')]), defaultPolicy);
  expect(judged.records).toHaveLength(1);
  expect(judged.duplicateRows).toBe(2);
});

test('copies that differ are all rejected, before validity is looked at', () => {
  const judged = judge(read([row('A'), row('B'), row('A', { name: null })]), defaultPolicy);
  expect(judged.records.map((record) => (record.valid ? 'valid' : record.faults[0]))).toEqual([
    'rejected_duplicate_id',
    'valid',
    'rejected_duplicate_id',
  ]);
  expect(judged.duplicateRows).toBe(0);
});

test.each([
  [
    { name: 'A\nB', email: 'C' },
    { name: 'A', email: 'B\nC' },
  ],
  [{ name: 'A\ud800' }, { name: 'A\ud801' }],
])('copies that differ only where nobody looks do differ: %j and %j', (a, b) => {
  const judged = judge(read([row('A', a), row('A', b)]), defaultPolicy);
  expect(judged.records).toMatchObject([{ faults: ['rejected_duplicate_id'] }, { faults: ['rejected_duplicate_id'] }]);
});

test('blank ids are no duplicates of each other', () => {
  const judged = judge(read([row(''), row('', { name: 'Other' })]), defaultPolicy);
  expect(judged.records.map((record) => !record.valid && record.faults[0])).toEqual([
    'rejected_id_missing',
    'rejected_id_missing',
  ]);
});

test('a row that shares its id with an unreadable one is not believed', () => {
  const judged = judge(read([row('A')], [{ externalId: 'A', where: 'line 2', problem: 'two names' }]), defaultPolicy);
  expect(judged.records).toMatchObject([
    { faults: ['rejected_duplicate_id'] },
    { faults: ['rejected_unreadable'], note: 'line 2: two names', says: null },
  ]);
  expect(judged.provesAbsence).toBe(true);
});

test('an unreadable row without an id proves nobody missing', () => {
  const judged = judge(read([row('A')], [{ externalId: null, where: 'line 2', problem: 'cut' }]), defaultPolicy);
  expect(judged.provesAbsence).toBe(false);
  expect([...judged.ids]).toEqual(['A']);
});

test('valid records with equal details are all flagged, rejected ones are not counted', () => {
  const same = { name: 'J', email: 'j@x.com', phone: null };
  const judged = judge(
    read([row('A', same), row('B', same), row('C', { ...same, name: '' }), row('D')]),
    defaultPolicy,
  );
  expect(judged.records.map((record) => (record.valid ? record.flags : 'rejected'))).toEqual([
    ['equal_details'],
    ['equal_details'],
    'rejected',
    [],
  ]);
});

test('a name fault is null for a good name', () => {
  expect(nameFault('Zoë')).toBeNull();
});
