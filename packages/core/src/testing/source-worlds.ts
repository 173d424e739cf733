import type { RawRecord } from '../source.js';

/** Fit for a header, a password and a file, and different in every form that text is encoded in. */
export const secret = 'canary+7f3a/9c="Q';

/** In the form of most systems, and in nothing else that a check serves. */
export const personal = { born: '1987-11-23', taxNumber: '876543210' };

/** Ids are UUIDs, since most systems that are particular about ids want those. */
function idOf(number: number): string {
  return `5a0c7e10-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** People who differ in everything, numbered from `first` on. */
export function people(count: number, first = 1): RawRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    externalId: idOf(first + index),
    name: `Canary Person${first + index}`,
    email: `canary.person${first + index}@example.com`,
    phone: `04${String(91_569_999 + first + index)}`,
  }));
}

/** Values that are easily mended by somebody who means well. Only core mends, since it shows what it did. */
export const unusual: readonly RawRecord[] = [
  row(1, '  Ada   Lovelace ', ' Ada@Example.COM', '0412 345 678'),
  row(2, 'ZOË O’NEILL', 'zoë@exämple.com', '00123'),
  // The same letters, composed and decomposed.
  row(3, 'Ren\u00e9 Dupont', 'rene@example.com', '+61 (0)412-345-679'),
  row(4, 'Rene\u0301 Dupont', 'rene.2@example.com', '+61412345679 or 9876 5432'),
  row(5, '\u{20bb7}田 太郎 👩‍👩‍👧', 'taro@example.com', 'call the office'),
  row(6, 'Smith & Sons <Pty> "Ltd"; \'x\', \\n 100%', 'a@example.com; b@example.com', '1e3'),
  row(7, 'Null', 'Jo <jo@example.com>', '0'),
  row(8, 'mc donald, jo', 'not an address', '0400\u00a0000\u00a0000'),
];

/** People of whom the system does not know everything. */
export const lacking: readonly RawRecord[] = [
  row(1, 'No Phone', 'no.phone@example.com', null),
  row(2, 'No Email', null, '0491570006'),
  row(3, null, 'no.name@example.com', '0491570007'),
  row(4, 'Only Name', null, null),
];

/** A household with one address and one phone, and two people of one name. */
export const alike: readonly RawRecord[] = [
  row(1, 'Sam Lee', 'lees@example.com', '0491570156'),
  row(2, 'Kim Lee', 'lees@example.com', '0491570156'),
  row(3, 'Alex Tan', 'alex@example.com', '0491570157'),
  row(4, 'Alex Tan', 'alex@example.com', '0491570157'),
];

/** Longer than the fields of most systems, and no longer than some people make them. */
export const long: readonly RawRecord[] = [
  row(1, `Long Name${' and Sons'.repeat(220)}`, `${'long.'.repeat(60)}name@example.com`, '0491570158'),
  row(2, `${'O’Brien-'.repeat(40)}Smith`, 'short@example.com', '0491570159'),
];

function row(number: number, name: string | null, email: string | null, phone: string | null): RawRecord {
  return { externalId: idOf(number), name, email, phone };
}
