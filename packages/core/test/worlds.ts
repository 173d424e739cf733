/** Random worlds from a small alphabet, so that names, emails, phones and ids meet often. */
import fc from 'fast-check';
import {
  type Connection,
  type ConnectionKind,
  type Contact,
  defaultPolicy,
  type Policy,
  type RawRecord,
  type Read,
  type UnreadableRow,
} from '../src/index.js';
import type { World } from './oracle.js';
import { byContactId, textRules } from './oracle-text.js';

const S = 'xpm:one';
/** Other sources that contacts are linked to. Whether one is connected differs from world to world. */
const others = ['fyi:two', 'bgl:three', 'xpm:one:old'] as const;
const now = '2026-02-03T04:05:06.000Z';
const before = ['2026-01-01T00:00:00.000Z', '2025-12-31T23:59:59.000Z'] as const;

/** People, each written in several ways that are one once canonical and folded, and two that are near but not the same. */
const people = [
  {
    names: ['José Núñez', 'JOSÉ NÚÑEZ', 'Jose\u0301 Nu\u0301n\u0303ez', ' José\u00a0 Núñez\u3000', 'Jose Nunez'],
    emails: ['jose@x.au', 'JOSE@X.AU', ' Jose@x.au\u2009', 'josé@x.au', 'jose\u0301@X.au'],
    phones: ['0400 000 001', '+61400000001', '0400\u00a0000-001'],
  },
  {
    names: ['Anna Strauß', 'ANNA STRAUSS', 'anna  strauss', 'Anna Straus', ' Anna Strauss'],
    emails: ['strauß@x.au', ' anna@x.au', 'anna@x.au ', 'STRAUSS@x.au', 'anna@x.au', 'Anna@X.AU'],
    phones: ['0400 000 002', '+61 400 000 002', '(02) 9374 4000'],
  },
  {
    names: ['Σίσυφος', 'ΣΊΣΥΦΟΣ', 'σίσυφοσ', 'ﬁona', 'FIONA'],
    emails: ['σίσυφος@x.au', 'ΣΊΣΥΦΟΣ@x.au', 'f@x.au', '"f a"@x.au', 'İ@x.au', 'i\u0307@x.au'],
    phones: ['021 123 4567', '+64 21 123 4567', '(201) 555-0123'],
  },
] as const;

const noPhone = [null, '', ' \u00a0'] as const;
/** The third is a valid number and too much around it; the fourth has exactly 64 code points, and more UTF-16 units. */
const badPhones = ['12', 'call me', `0400 000 001 ${'x'.repeat(60)}`, `0400 000 001 ${'😀'.repeat(51)}`] as const;
const edgePhones = ['0400 000 001\u0000', '0400 000 001 ext 5', '１２３', 'tel:+61400000001'] as const;

/** Everything here is judged to be a fault, or just not. */
const oddNames = [
  null,
  '',
  '\u00a0 ',
  'Ann\tLee',
  'Ann\u202eLee',
  'Ann\u2069',
  'Ann\ud800',
  '\nAnn',
  'n'.repeat(200),
  'n'.repeat(201),
  '😀'.repeat(200),
  '😀'.repeat(201),
  ` ${'n'.repeat(200)} `,
  'Ann\u200bLee',
] as const;
const oddEmails = [
  null,
  '',
  ' ',
  'a@x.au, b@x.au',
  'a@x.au;b@x.au',
  'a@x.au b@x.au',
  'a@x.au,',
  'Ann <a@x.au>',
  'a',
  '@',
  'a@@x.au',
  'a@x',
  'a@x.au\u0000',
  '\ta@x.au',
  '\u2066a@x.au',
  `${'a'.repeat(249)}@x.au`,
  `${'a'.repeat(250)}@x.au`,
  `${'😀'.repeat(249)}@x.au`,
  '"a@b c@d"@x.au',
  'a b@x.au',
  '\udfffa@x.au',
  `\u0000${'a'.repeat(250)}@x.au`,
] as const;
const oddIds = [
  '',
  ' ',
  '\u00a0',
  'x'.repeat(128),
  'x'.repeat(129),
  '😀'.repeat(128),
  '😀'.repeat(129),
  'A\n',
  'A\u202a',
  'A\ud800',
  'A ',
  ' A',
] as const;
/** `\uffff` and the emoji: by code point the emoji is higher, by UTF-16 unit it is not. The two é differ as ids. */
const externalIds = [
  'A',
  'B',
  'C',
  'D',
  'a',
  '10',
  '9',
  '\uffff',
  '😀',
  'é',
  'e\u0301',
  'constructor',
  '__proto__',
] as const;
const contactIds = [
  '1',
  '2',
  '3',
  '9',
  '10',
  '11',
  '007',
  '7',
  '9007199254740993',
  '9007199254740992',
  'a',
  'B',
  '1a',
  '\uffff',
  '😀',
  '-1',
] as const;

const anyName = people.flatMap((person) => person.names);
const anyEmail = people.flatMap((person) => person.emails);
const anyPhone = [...people.flatMap((person) => person.phones), ...noPhone];

type Said = { name: string | null; email: string | null; phone: string | null };

function oneOf<T>(values: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values);
}

/** Mostly one person's own email; the first spelling most often, so that details are also equal as they are written. */
function saidBy({ names, emails, phones }: (typeof people)[number]): fc.Arbitrary<Said> {
  return fc.record({
    name: fc.oneof({ weight: 5, arbitrary: fc.constant(names[0]) }, { weight: 2, arbitrary: oneOf<string>(names) }),
    email: fc.oneof({ weight: 5, arbitrary: fc.constant(emails[0]) }, { weight: 2, arbitrary: oneOf<string>(emails) }),
    phone: fc.oneof(
      { weight: 5, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: fc.constant(phones[0]) },
      { weight: 1, arbitrary: oneOf<string | null>([...phones, ...noPhone]) },
    ),
  });
}
const byPerson = people.map(saidBy);
const person: fc.Arbitrary<Said> = fc.oneof(...byPerson);

/** What an id is mostly about, so that a record and the contact linked to it often say the same. */
function saidFor(id: string, otherwise: fc.Arbitrary<Said>): fc.Arbitrary<Said> {
  const usual = byPerson[(id.codePointAt(0) ?? 0) % byPerson.length] ?? person;
  return fc.oneof({ weight: 3, arbitrary: usual }, { weight: 2, arbitrary: otherwise });
}

const mixed: fc.Arbitrary<Said> = fc.record({
  name: oneOf<string>(anyName),
  email: oneOf<string>(anyEmail),
  phone: oneOf<string | null>(anyPhone),
});
const badPhone: fc.Arbitrary<Said> = fc
  .tuple(person, oneOf<string>([...badPhones, ...edgePhones]))
  .map(([said, phone]) => ({ ...said, phone }));
const odd: fc.Arbitrary<Said> = fc.oneof(
  fc.tuple(person, oneOf<string | null>(oddNames)).map(([said, name]) => ({ ...said, name })),
  fc.tuple(person, oneOf<string | null>(oddEmails)).map(([said, email]) => ({ ...said, email })),
  fc.record({
    name: oneOf<string | null>(oddNames),
    email: oneOf<string | null>(oddEmails),
    phone: oneOf<string | null>([...badPhones, ...anyPhone]),
  }),
);

const said = fc.oneof(
  { weight: 10, arbitrary: person },
  { weight: 4, arbitrary: mixed },
  { weight: 2, arbitrary: badPhone },
  { weight: 1, arbitrary: odd },
);

const externalId = fc.oneof(
  { weight: 2, arbitrary: oneOf<string>(externalIds.slice(0, 4)) },
  { weight: 1, arbitrary: oneOf<string>(externalIds) },
);
const recordId = fc.oneof({ weight: 15, arbitrary: externalId }, { weight: 1, arbitrary: oneOf<string>(oddIds) });
const record: fc.Arbitrary<RawRecord> = recordId.chain((id) =>
  saidFor(id, said).map((of) => ({ externalId: id, ...of })),
);

const unreadable: fc.Arbitrary<UnreadableRow> = fc.record({
  externalId: fc.oneof(
    { weight: 6, arbitrary: externalId as fc.Arbitrary<string | null> },
    { weight: 2, arbitrary: oneOf([null, null, '', '\u00a0']) },
  ),
  where: oneOf(['line 3', 'client 17']),
  problem: oneOf(['the row has two names', 'the date cannot be read']),
});

function rarely<T>(value: fc.Arbitrary<T>, usual: T, one = 5): fc.Arbitrary<T> {
  return fc.oneof({ weight: one - 1, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: value });
}

const policies: fc.Arbitrary<Policy> = fc.record({
  region: rarely(oneOf(['NZ', 'US', 'GB']), 'AU'),
  invalidPhone: rarely(fc.constant('reject' as const), 'drop' as 'drop' | 'reject', 4),
  identityChange: rarely(fc.constant('hold' as const), 'flag' as 'flag' | 'hold', 3),
  manyMissing: rarely(oneOf([0, 0.1, 0.2, 0.25, 0.34, 0.5, 0.6, 1]), defaultPolicy.manyMissing, 2),
  manyChanged: rarely(oneOf([0, 0.1, 0.2, 0.25, 0.34, 0.5, 0.6, 1]), defaultPolicy.manyChanged, 2),
  atLeast: oneOf([0, 0, 1, 2, 3, 5]),
});

/** The order of the read is part of the world; a copy of a row is put anywhere, often the same, sometimes changed. */
function reads(maxRecords: number): fc.Arbitrary<Read> {
  const copies = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.option(record, { nil: null, freq: 2 })), { maxLength: 2 });
  return fc
    .record({
      records: fc.uniqueArray(record, { maxLength: maxRecords, selector: ({ externalId: id }) => id }),
      copies: rarely(copies, [], 3),
      unreadable: rarely(fc.array(unreadable, { minLength: 1, maxLength: 2 }), [], 6),
      skipped: rarely(
        oneOf<Record<string, number>>([{ archived: 2 }, { archived: 0, deleted: 3 }, { constructor: 1 }]),
        {},
        4,
      ),
      tenant: fc.oneof(
        { weight: 8, arbitrary: fc.constant('one' as string | null) },
        { weight: 3, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: oneOf(['two', 'one:old', '', 'ONE']) },
      ),
    })
    .map(({ records, copies: wanted, unreadable: rows, skipped, tenant }) => {
      const all = [...records];
      for (const [from, to, change] of wanted) {
        const original = all[from % Math.max(1, all.length)];
        if (original === undefined) continue;
        all.splice(to % (all.length + 1), 0, {
          ...original,
          ...(change === null ? {} : { ...change, externalId: original.externalId }),
        });
      }
      const left = Object.values(skipped).reduce((sum, n) => sum + n, 0);
      return {
        source: S,
        tenant,
        records: all,
        unreadable: rows.map((row) => ({ ...row })),
        skipped,
        rows: all.length + rows.length + left,
      };
    });
}

type Draft = Omit<Contact, 'name' | 'email' | 'phone'> & { readonly said: Said };

const link = fc.oneof(
  { weight: 4, arbitrary: fc.record({ source: fc.constant(S), externalId }) },
  { weight: 2, arbitrary: fc.record({ source: oneOf<string>(others), externalId }) },
  { weight: 3, arbitrary: fc.constant(null) },
);
const storedPhone = oneOf<string | null>([...anyPhone, ...badPhones]);
const storedSaid = fc.oneof(
  { weight: 6, arbitrary: person },
  { weight: 2, arbitrary: mixed },
  { weight: 1, arbitrary: fc.tuple(person, storedPhone).map(([of, phone]) => ({ ...of, phone })) },
);
const draft: fc.Arbitrary<Draft> = link.chain((itsLink) =>
  fc.record({
    id: oneOf<string>(contactIds),
    said: itsLink === null ? storedSaid : saidFor(itsLink.externalId, storedSaid),
    recordType: oneOf(['manual', 'manual', 'contact-sync', 'contact-sync', 'external'] as const),
    forcedManual: rarely(fc.constant(true), false, 4),
    link: fc.constant(itsLink),
    missingSince: rarely(oneOf<string | null>(before), null, 4),
  }),
);

/** Many contacts with the same fate, for the guards at their own thresholds. */
const crowd = fc
  .record({
    size: fc.integer({ min: 6, max: 22 }),
    kept: fc.integer({ min: 0, max: 22 }),
    renamed: fc.integer({ min: 0, max: 22 }),
  })
  .map(({ size, kept, renamed }) => {
    const ids = Array.from({ length: size }, (_, index) => `crowd ${index}`);
    const drafts = ids.map(
      (id, index): Draft => ({
        id: String(100 + index),
        said: { name: id, email: 'crowd@x.au', phone: null },
        recordType: 'contact-sync',
        forcedManual: false,
        link: { source: S, externalId: id },
        missingSince: null,
      }),
    );
    const records = ids.slice(0, kept).map(
      (id, index): RawRecord => ({
        externalId: id,
        name: index < renamed ? `${id} renamed` : id,
        email: 'crowd@x.au',
        phone: null,
      }),
    );
    return { drafts, records };
  });

/**
 * Makes drafts a book that can exist: details are canonical, ids differ, a `contact-sync` contact has a link, and among
 * contacts that are not external one link is on one contact.
 */
function possibleBook(drafts: readonly Draft[], policy: Policy): Contact[] {
  const text = textRules(policy);
  const book: Contact[] = [];
  for (const { said: of, ...rest } of drafts) {
    if (book.some((contact) => contact.id === rest.id)) continue;
    const taken = book.some(
      (contact) =>
        contact.recordType !== 'external' &&
        contact.link !== null &&
        contact.link.source === rest.link?.source &&
        contact.link.externalId === rest.link?.externalId,
    );
    const itsLink = taken && rest.recordType !== 'external' ? null : rest.link;
    if (rest.recordType === 'contact-sync' && itsLink === null) continue;
    book.push({
      id: rest.id,
      name: text.canonical(of.name ?? ''),
      email: text.canonical(of.email ?? ''),
      phone: text.phone(of.phone).value,
      recordType: rest.recordType,
      forcedManual: rest.forcedManual,
      link: itsLink === null ? null : { ...itsLink },
      missingSince: itsLink === null || rest.recordType === 'external' ? null : rest.missingSince,
    });
  }
  return book.sort((a, b) => byContactId(a.id, b.id));
}

/** What a book may know of a source: nothing, or its connection. */
const stateOf = oneOf(['connected', 'paused', 'disconnected', null, null] as const);

/**
 * Makes the states a book that can exist: a `contact-sync` contact has a source that is connected, maybe paused, and of
 * that kind. A source of kind external has none.
 */
function possibleConnections(
  contacts: readonly Contact[],
  states: readonly (Connection['state'] | null)[],
  kind: ConnectionKind,
): Connection[] {
  return [S, ...others].flatMap((source, index) => {
    const state = states[index] ?? null;
    const isSynced = contacts.some(
      ({ recordType, link: its }) => recordType === 'contact-sync' && its?.source === source,
    );
    const kindOf = source === S ? kind : 'contact-sync';
    if (isSynced) return [{ source, kind: kindOf, state: state === 'paused' ? ('paused' as const) : 'connected' }];
    return state === null ? [] : [{ source, kind: kindOf, state }];
  });
}

function world(
  maxContacts: number,
  maxRecords: number,
  crowds: fc.Arbitrary<{ drafts: Draft[]; records: RawRecord[] }>,
): fc.Arbitrary<World> {
  return fc
    .record({
      drafts: fc.array(draft, { maxLength: maxContacts }),
      read: reads(maxRecords),
      connected: fc.subarray([S, ...others]),
      policy: policies,
      crowded: crowds,
      kind: rarely(fc.constant('external' as const), 'contact-sync' as ConnectionKind, 6),
      states: fc.array(stateOf, { minLength: 4, maxLength: 4 }),
      forgotten: rarely(fc.uniqueArray(externalId, { minLength: 1, maxLength: 3 }), [], 6),
    })
    .map(({ drafts, read, connected, policy, crowded, kind, states, forgotten }) => ({
      ...bookWith(possibleBook([...drafts, ...crowded.drafts], policy), states, kind),
      forgotten,
      read: { ...read, records: [...read.records, ...crowded.records], rows: read.rows + crowded.records.length },
      connected,
      policy: { ...policy },
      at: now,
    }));
}

function bookWith(book: Contact[], states: readonly (Connection['state'] | null)[], kind: ConnectionKind) {
  const contacts = book.map((contact): Contact => {
    const cannotBe = kind === 'external' && contact.recordType === 'contact-sync' && contact.link?.source === S;
    return cannotBe ? { ...contact, recordType: 'external', forcedManual: false, missingSince: null } : contact;
  });
  return { contacts, connections: possibleConnections(contacts, states, kind), kind };
}

const alone = fc.constant({ drafts: [] as Draft[], records: [] as RawRecord[] });

/** Small worlds mostly, where a difference is easily read; then fuller ones, and some with a crowd. */
export const worlds: fc.Arbitrary<World> = fc.oneof(
  { weight: 6, arbitrary: world(4, 4, alone) },
  { weight: 3, arbitrary: world(10, 9, alone) },
  { weight: 1, arbitrary: world(3, 3, crowd) },
);
