/** Every small world: an enumeration, not a sample. Only worlds that cannot exist are left out. */
import {
  type Contact,
  defaultPolicy,
  type Policy,
  type RawRecord,
  type Read,
  recordTypes,
  type UnreadableRow,
} from '../src/index.js';
import type { World } from './oracle.js';

export const source = 'xpm:one';
const connectedSource = 'fyi:two';
const goneSource = 'bgl:three';
const at = '2026-02-03T04:05:06.000Z';

/** Two values of each field, so that any two of contacts and records are equal in it or not. */
const names = ['Ann Lee', 'Bob Ray'] as const;
const emails = ['ann@x.au', 'bob@x.au'] as const;
const phones = [null, '+61400000001'] as const;

type Said = { readonly name: string; readonly email: string; readonly phone: string | null };
type Variant = Omit<Contact, 'id'>;
export type Rows = { readonly records: readonly RawRecord[]; readonly unreadable: readonly UnreadableRow[] };

/** The eight details: equal to those of `x` or not, in each of three fields. */
const details: readonly Said[] = names.flatMap((name) =>
  emails.flatMap((email) => phones.map((phone) => ({ name, email, phone }))),
);
const ann: Said = { name: names[0], email: emails[0], phone: phones[0] };

/** `x` and `y` are the ids of the records; no read holds `z`. */
const links = [
  null,
  { source, externalId: 'x' },
  { source, externalId: 'y' },
  { source, externalId: 'z' },
  { source: connectedSource, externalId: 'x' },
  { source: goneSource, externalId: 'x' },
] as const;

function variants(missingSince: readonly (string | null)[]): Variant[] {
  const result: Variant[] = [];
  for (const recordType of recordTypes) {
    for (const forcedManual of [false, true]) {
      for (const link of links) {
        // What a sync made has a link.
        if (recordType === 'contact-sync' && link === null) continue;
        for (const said of details) {
          for (const since of missingSince) {
            // Only what is linked, and is or was synced, can be missing.
            if (since !== null && (link === null || recordType === 'external')) continue;
            result.push({ ...said, recordType, forcedManual, link, missingSince: since });
          }
        }
      }
    }
  }
  return result;
}

/** Each one contact, missing already or not. */
export function* oneContact(): Generator<Contact[]> {
  yield [];
  for (const variant of variants([null, '2026-01-01T00:00:00.000Z'])) yield [{ id: '1', ...variant }];
}

/**
 * Each pair of contacts that one book can hold. Which of the two has the lower id is a question of its own only where
 * line 6 may have to choose: between two manual contacts.
 */
export function* twoContacts(): Generator<Contact[]> {
  const all = variants([null]);
  for (const [place, first] of all.entries()) {
    for (const [otherPlace, second] of all.entries()) {
      const bothManual = first.recordType === 'manual' && second.recordType === 'manual';
      if (otherPlace < place && !bothManual) continue;
      if (haveOneLink(first, second)) continue;
      yield [
        { id: '1', ...first },
        { id: '2', ...second },
      ];
    }
  }
}

function haveOneLink(a: Variant, b: Variant): boolean {
  if (a.recordType === 'external' || b.recordType === 'external' || a.link === null || b.link === null) return false;
  return a.link.source === b.link.source && a.link.externalId === b.link.externalId;
}

/** One record, and with it another, equal to it or not in each field. */
export const validReads: readonly Rows[] = [
  rows({ externalId: 'x', ...ann }),
  ...details.map((said) => rows({ externalId: 'x', ...ann }, { externalId: 'y', ...said })),
];

const noteless = { where: 'line 1', problem: 'it has two names' };

/** A record with each fault there is. */
const faulty: readonly RawRecord[] = [
  { externalId: ' ', ...ann },
  { externalId: 'x'.repeat(129), ...ann },
  { externalId: 'x\n', ...ann },
  { externalId: 'x', ...ann, name: ' ' },
  { externalId: 'x', ...ann, name: 'n'.repeat(201) },
  { externalId: 'x', ...ann, name: 'Ann\tLee' },
  { externalId: 'x', ...ann, email: null },
  { externalId: 'x', ...ann, email: `${'a'.repeat(250)}@x.au` },
  { externalId: 'x', ...ann, email: 'ann@x.au\u202e' },
  { externalId: 'x', ...ann, email: 'ann@x.au; bob@x.au' },
  { externalId: 'x', ...ann, email: 'ann at x.au' },
  { externalId: 'x', ...ann, phone: '12' },
  { externalId: 'x', name: '', email: 'ann', phone: 'call me' },
];

/** Reads in which something is wrong, or nothing is there; alone and beside a valid record `y`. */
export const oddReads: readonly Rows[] = [
  rows(),
  { records: [], unreadable: [{ externalId: null, ...noteless }] },
  { records: [], unreadable: [{ externalId: 'x', ...noteless }] },
  { records: [{ externalId: 'x', ...ann }], unreadable: [{ externalId: 'x', ...noteless }] },
  { records: [{ externalId: 'y', ...ann }], unreadable: [{ externalId: 'x', ...noteless }] },
  { records: [{ externalId: 'y', ...ann }], unreadable: [{ externalId: null, ...noteless }] },
  // The same id twice: the same once canonical, or different in one field.
  rows({ externalId: 'x', ...ann }, { externalId: 'x', ...ann, name: 'Ann  Lee ' }),
  ...details.slice(1).map((said) => rows({ externalId: 'x', ...ann }, { externalId: 'x', ...said })),
  ...faulty.map((record) => rows(record)),
  ...faulty.map((record) => rows(record, { externalId: 'y', ...ann })),
  // A phone for `x` that the contact has, or does not have.
  rows({ externalId: 'x', ...ann, phone: '0400 000 001' }),
  rows({ externalId: 'x', ...ann, phone: '0400 000 009' }, { externalId: 'y', ...ann, phone: '0400000009' }),
];

/** Beside the default, which drops phones that are not valid, and flags changes of identity. */
export const otherPolicies: readonly Policy[] = [
  { ...defaultPolicy, identityChange: 'hold' },
  { ...defaultPolicy, invalidPhone: 'reject' },
  { ...defaultPolicy, invalidPhone: 'reject', identityChange: 'hold' },
];

export function smallWorld(contacts: readonly Contact[], { records, unreadable }: Rows, policy: Policy): World {
  const read: Read = {
    source,
    tenant: 'one',
    records,
    unreadable,
    skipped: {},
    rows: records.length + unreadable.length,
  };
  return { contacts, read, connected: [connectedSource], policy, at };
}

function rows(...records: RawRecord[]): Rows {
  return { records, unreadable: [] };
}
