import { ContactSyncError, quotable } from '@contact-sync/core';
import { unreadable } from './errors.js';
import type { CsvOptions } from './settings.js';

/** Where each field stands in a row, counted from 0. */
export type Columns = {
  /** Cells that a row has; what stands after them must be empty. */
  readonly width: number;
  readonly id: number | null;
  readonly name: number | null;
  readonly first: number | null;
  readonly last: number | null;
  readonly email: number;
  /** In the order in which they are looked at; the first that is not blank is the phone. */
  readonly phones: readonly number[];
};

/**
 * The usual spellings, without spaces and signs and in small letters. Each line is one kind of column, and a line goes
 * before the lines below it; two columns of one line could be the same field, and nobody may guess which one counts.
 */
const spellings = {
  id: [
    ['id', 'contactid', 'externalid', 'uuid', 'guid', 'contactuuid', 'externalcontactid', 'personid', 'recordid'],
    ['clientid', 'clientuuid', 'customerid'],
  ],
  name: [['name', 'fullname', 'contactname', 'displayname']],
  first: [['firstname', 'givenname', 'firstnames', 'givennames', 'forename', 'first', 'given']],
  last: [['lastname', 'surname', 'familyname', 'last', 'family']],
  email: [['email', 'emailaddress', 'contactemail', 'primaryemail', 'mail']],
  phone: [
    ['mobile', 'mobilephone', 'mobilenumber', 'mobilephonenumber', 'mobileno', 'cell', 'cellphone', 'cellnumber'],
    ['phone', 'phonenumber', 'telephone', 'telephonenumber', 'tel', 'phoneno', 'contactphone', 'primaryphone'],
    ['workphone', 'businessphone', 'officephone', 'daytimephone'],
    ['homephone', 'afterhoursphone'],
  ],
} as const;

type Field = keyof typeof spellings;
type Wanted = Pick<
  CsvOptions,
  'idColumn' | 'nameColumn' | 'firstNameColumn' | 'lastNameColumn' | 'emailColumn' | 'phoneColumn'
>;

const settingOf: Readonly<Record<Field, keyof Wanted>> = {
  ...({ id: 'idColumn', name: 'nameColumn', first: 'firstNameColumn' } as const),
  ...({ last: 'lastNameColumn', email: 'emailColumn', phone: 'phoneColumn' } as const),
};
const called: Readonly<Record<Field, string>> = {
  ...{ id: 'id', name: 'name', first: 'first name', last: 'last name', email: 'email', phone: 'phone' },
};
const known: ReadonlySet<string> = new Set(Object.values(spellings).flat(2));

/** `E-mail Address`, `EMAIL_ADDRESS` and `email address` are one. */
function keyOf(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** How many headings of a line are known: how a delimiter is told from another. */
export function knownHeadings(headings: readonly string[], wanted: Wanted): number {
  const asked = new Set(Object.values(settingOf).map((setting) => keyOf(wanted[setting] ?? '')));
  return headings.map(keyOf).filter((key) => key !== '' && (known.has(key) || asked.has(key))).length;
}

/**
 * The columns of a heading line.
 *
 * @throws ContactSyncError `source_unreadable` if a field has no column or two, `setting_invalid` if a setting names a
 * column that is not there
 */
export function columnsOf(headings: readonly string[], line: number, wanted: Wanted): Columns {
  const keys = headings.map(keyOf);
  const find = (field: Field) => found(field, headings, keys, wanted);
  const [name = null] = find('name');
  const [first = null] = find('first');
  const [last = null] = find('last');
  const [email] = find('email');
  const whole = name !== null || (first !== null && last !== null);
  if (!whole || email === undefined) throw missing(headings, line, whole, email !== undefined);
  return {
    width: keys.findLastIndex((key) => key !== '') + 1,
    id: find('id')[0] ?? null,
    name,
    // With only one of the two, names would be cut short.
    first: first !== null && last !== null ? first : null,
    last: first !== null && last !== null ? last : null,
    email,
    phones: find('phone'),
  };
}

/** The columns of a field, in the order in which they count. */
function found(field: Field, headings: readonly string[], keys: readonly string[], wanted: Wanted): number[] {
  const setting = settingOf[field];
  const asked = wanted[setting];
  const kinds: readonly (readonly string[])[] = asked === undefined ? spellings[field] : [[keyOf(asked)]];
  const columns = kinds.flatMap((kind) => {
    const here = keys.flatMap((key, index) => (kind.includes(key) ? [index] : []));
    const [one, two] = here;
    if (one !== undefined && two !== undefined) {
      const both = [one, two]
        .map((index) => `"${quotable(headings[index] ?? '')}" (column ${index + 1})`)
        .join(' and ');
      throw unreadable(
        `has two columns that could be the ${called[field]}: ${both}`,
        `Say which one it is, if they are called differently: ${setting}=…; or take one out.`,
      );
    }
    return here;
  });
  if (asked !== undefined && columns.length === 0) {
    throw new ContactSyncError('setting_invalid', `${setting}: the file has no column "${quotable(asked)}".`, {
      hint: 'Nothing was written. Write it as in the first line of the file; case, spaces and signs do not matter.',
    });
  }
  return columns;
}

/** Headings are not quoted: where there are none, the first line is somebody. */
function missing(headings: readonly string[], line: number, name: boolean, email: boolean): ContactSyncError {
  const lacking = [...(name ? [] : ['the name']), ...(email ? [] : ['the email'])].join(' and for ');
  const hint =
    'Its first line must have headings: Name, or First name and Last name; Email; and if there are any Phone, Mobile and Id.' +
    ' Other ones can be named: nameColumn=…, emailColumn=…';
  return unreadable(
    `has no column for ${lacking} in its first line (line ${line}, with ${headings.length} cells)`,
    hint,
  );
}
