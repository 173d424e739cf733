import { expect, test } from 'vitest';
import type { Contact } from './contact.js';
import { detailsFingerprint } from './fingerprint.js';
import { allotFree } from './free.js';
import type { ValidRecord } from './judge.js';

const details = { name: 'Ann Lee', email: 'ann@example.com', phone: null };

function manual(id: string): Contact {
  return { ...details, id, recordType: 'manual', forcedManual: false, link: null, missingSince: null };
}

function record(externalId: string): ValidRecord {
  return {
    valid: true,
    externalId,
    details,
    says: details,
    fingerprint: detailsFingerprint(details),
    key: '',
    flags: [],
  };
}

function takes(records: readonly string[], contacts: readonly string[]): (string | undefined)[] {
  const unlinked = records.map(record);
  const ids = new Set(records);
  const allotted = allotFree({
    unlinked,
    namesakesOf: () => contacts.map(manual),
    source: 'xpm:t',
    ids,
    connected: new Set(['xpm:t']),
  });
  return ['A', 'B'].map((id) => allotted.get(id)?.id);
}

test.each([
  [
    ['A', 'B'],
    ['9', '10'],
  ],
  [
    ['B', 'A'],
    ['9', '10'],
  ],
  [
    ['A', 'B'],
    ['10', '9'],
  ],
  [
    ['B', 'A'],
    ['10', '9'],
  ],
])('the lowest record takes the lowest contact, as a number: records %j, contacts %j', (records, contacts) => {
  expect(takes(records, contacts)).toEqual(['9', '10']);
});

test('where there is one contact for two records, the lower record takes it', () => {
  expect(takes(['B', 'A'], ['7'])).toEqual(['7', undefined]);
});
