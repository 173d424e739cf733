import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Contact } from './contact.js';
import { detailsFingerprint, fingerprint } from './fingerprint.js';

const synced: Contact = {
  id: '1',
  name: 'John',
  email: 'j@x.com',
  phone: null,
  recordType: 'contact-sync',
  forcedManual: false,
  link: { source: 'xpm:t', externalId: 'A' },
  missingSince: null,
};

test('only a synced contact that is neither forced nor missing has one', () => {
  expect(fingerprint(synced)).toBe(detailsFingerprint(synced));
  expect(fingerprint({ ...synced, forcedManual: true })).toBeNull();
  expect(fingerprint({ ...synced, missingSince: '2026-01-31T00:00:00Z' })).toBeNull();
  expect(fingerprint({ ...synced, recordType: 'manual' })).toBeNull();
  expect(fingerprint({ ...synced, recordType: 'external' })).toBeNull();
});

test('it says the details and nothing else', () => {
  expect(detailsFingerprint({ ...synced })).toBe(detailsFingerprint({ name: 'John', email: 'j@x.com', phone: null }));
  expect(detailsFingerprint(synced)).toMatch(/^[0-9a-f]{32}$/);
});

const text = fc.stringMatching(/^[ab]{0,2}$/);
const details = fc.record({
  name: text,
  email: text,
  phone: fc.option(fc.stringMatching(/^[ab]{1,2}$/), { nil: null }),
});

test('equal details, and only they, have equal fingerprints', () => {
  fc.assert(
    fc.property(details, details, (a, b) => {
      const equal = a.name === b.name && a.email === b.email && a.phone === b.phone;
      expect(detailsFingerprint(a) === detailsFingerprint(b)).toBe(equal);
    }),
    { numRuns: 1000 },
  );
});
