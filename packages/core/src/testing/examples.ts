import type { Contact, RecordType } from '../contact.js';
import type { Reason } from '../reasons.js';
import type { RawRecord } from '../source.js';

/** A row of the product article's tables. Its phone is as a person writes it; `metadata` is the external id of the link. */
export type ExampleContact = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly recordType: RecordType;
  readonly forcedManual: boolean;
  readonly metadata: string | null;
};

export type WorkedExample = {
  readonly name: string;
  readonly source: string;
  readonly existing: readonly ExampleContact[];
  readonly imported: readonly RawRecord[];
  /** The book afterwards, in the order of ids; `reason` is null where no record of the read is about the contact. */
  readonly expected: readonly (ExampleContact & { readonly reason: Reason | null })[];
};

/**
 * Where the values come from (FuseSign, "Contact Data Sync Record Update Logic"). In the article's stored text the Email
 * column and the cells that held a linked address are lost.
 *
 * - `given`: printed in the article.
 * - `forced`: the only value that makes the article's own notes true.
 * - `placeholder`: the article shows only that it differs from the other side.
 */
export const exampleProvenance = {
  given: [
    'every id, name, phone, record type, forced flag and metadata',
    'the emails of the existing contacts of the first example',
    "Cleo's email",
  ],
  forced: [
    'john@smith.com on import A and contact 1',
    'chris@smith.com on import C and contacts 3 and 7',
    'mary@smith.com on contact 2',
    'harry_manual@smith.com on contact 5 after the import, its phone empty',
  ],
  placeholder: [
    'mary@smith.com on import B (a different address would fit as well)',
    'leila.d@smith.com and leila.d2@smith.com on import D',
    'harry.e@smith.com on import E',
  ],
} as const;

const source = 'xpm:example';
const byHand = { recordType: 'manual', forcedManual: false, metadata: null } as const;
const synced = { recordType: 'contact-sync', forcedManual: false } as const;

const john = { name: 'John Smith', email: 'john@smith.com', phone: null };
const mary = { name: 'Mary Smith', email: 'mary@smith.com', phone: null };
const chris = { name: 'Chris Smith', email: 'chris@smith.com', phone: null };
const harryByHand = { name: 'Harry Smith', email: 'harry_manual@smith.com', phone: null };
const maryB = { ...mary, phone: '0400 000 001' };
const leilaD = { name: 'Leila Smith', email: 'leila.d@smith.com', phone: '0400 000 002' };
const leilaD2 = { name: 'Leila Smith', email: 'leila.d2@smith.com', phone: '0400 000 012' };
const harryE = { name: 'Harry Smith', email: 'harry.e@smith.com', phone: '0400 000 003' };
const cleo = { name: 'Cleo Smith', email: 'cleo@smith.com', phone: null };

/** The two worked examples of the record update rules, which every storage must reproduce row by row. */
export const workedExamples = [
  {
    name: 'first time or reconnecting',
    source,
    existing: [
      { id: '1', ...john, ...byHand },
      { id: '2', ...mary, ...byHand },
      { id: '3', ...chris, recordType: 'external', forcedManual: false, metadata: null },
      { id: '4', name: 'Leila Smith', email: 'leila@smith.com', phone: null, ...byHand, metadata: 'D' },
      // The article's note on Harry says metadata D, its table says E, and E is right.
      { id: '5', ...harryByHand, recordType: 'manual', forcedManual: true, metadata: 'E' },
    ],
    imported: [
      { externalId: 'A', ...john },
      { externalId: 'B', ...maryB },
      { externalId: 'C', ...chris },
      { externalId: 'D', ...leilaD },
      { externalId: 'E', ...harryE },
    ],
    expected: [
      { id: '1', ...john, ...synced, metadata: 'A', reason: 'matched_profile' },
      { id: '2', ...mary, ...byHand, reason: null },
      { id: '3', ...chris, recordType: 'external', forcedManual: false, metadata: null, reason: null },
      { id: '4', ...leilaD, ...synced, metadata: 'D', reason: 'relinked_updated' },
      {
        id: '5',
        ...harryByHand,
        recordType: 'contact-sync',
        forcedManual: true,
        metadata: 'E',
        reason: 'relinked_forced_manual',
      },
      { id: '6', ...maryB, ...synced, metadata: 'B', reason: 'created_partial_match' },
      { id: '7', ...chris, ...synced, metadata: 'C', reason: 'created_external_ignored' },
    ],
  },
  {
    // It starts from a book that holds only contacts 1, 4 and 5, so the next id is 6.
    name: 'ongoing sync',
    source,
    existing: [
      { id: '1', ...john, ...synced, metadata: 'A' },
      { id: '4', ...leilaD, ...synced, metadata: 'D' },
      { id: '5', ...harryByHand, recordType: 'contact-sync', forcedManual: true, metadata: 'E' },
    ],
    imported: [
      { externalId: 'A', ...john },
      { externalId: 'D', ...leilaD2 },
      { externalId: 'E', ...harryE },
      { externalId: 'F', ...cleo },
    ],
    expected: [
      { id: '1', ...john, ...synced, metadata: 'A', reason: 'unchanged' },
      { id: '4', ...leilaD2, ...synced, metadata: 'D', reason: 'updated' },
      {
        id: '5',
        ...harryByHand,
        recordType: 'contact-sync',
        forcedManual: true,
        metadata: 'E',
        reason: 'kept_forced_manual',
      },
      { id: '6', ...cleo, ...synced, metadata: 'F', reason: 'created' },
    ],
  },
] as const satisfies readonly WorkedExample[];

/** An example's row as a book stores it: the phone in E.164 (`0400 000 001` is `+61400000001`), the metadata as a link. */
export function exampleContact({ metadata, phone, ...row }: ExampleContact, from: string): Contact {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    phone: phone === null ? null : `+61${phone.slice(1).replaceAll(' ', '')}`,
    recordType: row.recordType,
    forcedManual: row.forcedManual,
    link: metadata === null ? null : { source: from, externalId: metadata },
    missingSince: null,
  };
}
