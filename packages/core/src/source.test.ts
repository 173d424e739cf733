import { expect, test } from 'vitest';
import { completeSchema, pageSchema, sourceName, tenantOf } from './source.js';

test('a source is a connector and a tenant, and the tenant may have colons', () => {
  expect(sourceName('xpm', '8c0e')).toBe('xpm:8c0e');
  expect(tenantOf('xpm:8c0e')).toBe('8c0e');
  expect(tenantOf('csv:file:people.csv')).toBe('file:people.csv');
});

const record = { externalId: 'A', name: 'J', email: null, phone: null };
const page = {
  records: [record],
  unreadable: [{ externalId: null, where: 'line 1', problem: 'cut' }],
  skipped: { archived: 2 },
};

test('a page is what the interface says', () => {
  expect(pageSchema.parse(page)).toEqual(page);
  expect(pageSchema.parse({ ...page, requestsLeft: { minute: 0 } })).toEqual({ ...page, requestsLeft: { minute: 0 } });
  expect(completeSchema.parse({ complete: true, tenant: null })).toEqual({ complete: true, tenant: null });
});

test.each([
  ['a field that nobody asked for', { ...page, records: [{ ...record, taxNumber: '123' }] }],
  ['a field that is not there', { ...page, records: [{ externalId: 'A', name: 'J', email: null }] }],
  ['an id that is a number', { ...page, records: [{ ...record, externalId: 1 }] }],
  ['no unreadable rows', { records: [], skipped: {} }],
  ['an unreadable row without its place', { ...page, unreadable: [{ externalId: null, problem: 'cut' }] }],
  [
    'more of an unreadable row',
    { ...page, unreadable: [{ externalId: null, where: 'w', problem: 'p', row: 'private' }] },
  ],
  ['a negative count', { ...page, skipped: { archived: -1 } }],
  ['half a row', { ...page, skipped: { archived: 0.5 } }],
  ['something beside', { ...page, next: 'x' }],
])('a page with %s is none', (_, value) => {
  expect(pageSchema.safeParse(value).success).toBe(false);
});

test.each([
  [{ complete: false, tenant: null }],
  [{ complete: true }],
  [{ complete: true, tenant: null, more: 1 }],
  [undefined],
])('%j does not end a read', (value) => {
  expect(completeSchema.safeParse(value).success).toBe(false);
});
