import { type Random, random } from '../../../campaigns/src/random.ts';

/** A client as its system has it: details as they become in a book, and the phone as somebody typed it. */
export type Person = {
  readonly externalId: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly rawPhone: string | null;
};

/** An area of the numbering plan, and a digit after which all of its numbers are valid. */
type Area = readonly [area: string, first: string];

const firstNames = [
  'Ava',
  'Noah',
  'Mia',
  'Leo',
  'Zoë',
  'Jack',
  'Grace',
  'Ngaire',
  'Omar',
  'Priya',
  'Chen',
  'Ruby',
  'Thomas',
  'Isla',
  'William',
  'Charlotte',
] as const;
const lastNames = [
  'Smith',
  'Nguyen',
  "O'Brien",
  'Patel',
  'Williams',
  'Kovačević',
  'Brown',
  'Wilson',
  'Taylor-Jones',
  'Lee',
  'Martin',
  'Singh',
  'Anderson',
  'Thompson',
  'Walker',
  'Papadopoulos',
] as const;
const areas: readonly [Area, ...Area[]] = [
  ['2', '9'],
  ['3', '9'],
  ['7', '3'],
  ['8', '8'],
];
const domains = ['example.com', 'example.com.au', 'mail.example.net', 'practice.example.org'] as const;

/** The person of a number; no two share an id, or a name and email. */
export function personOf(index: number): Person {
  const dice = random(index + 1);
  const first = dice.of(firstNames);
  const last = dice.of(lastNames);
  const address = `${first}.${last}.${index}`
    .normalize('NFD')
    .replace(/[^A-Za-z0-9.]/g, '')
    .toLowerCase();
  return {
    externalId: uuid(index, dice),
    name: `${first} ${last}`,
    email: `${address}@${dice.of(domains)}`,
    ...phoneOf(dice),
  };
}

function uuid(index: number, dice: Random): string {
  const hex = (length: number) =>
    dice
      .below(16 ** length)
      .toString(16)
      .padStart(length, '0');
  return `${index.toString(16).padStart(8, '0')}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
}

/**
 * 76 % mobiles and 17 % fixed lines of Australia in the usual shapes, 1 % in an unusual one, 0.5 % of New Zealand, 0.5 %
 * no phone at all though something is written there, and 5 % nothing. Which numbers are valid is in Australia's numbering
 * plan: 041 and 02 9, 03 9, 07 3 and 08 8 are, with any digits after them.
 */
function phoneOf(dice: Random): Pick<Person, 'phone' | 'rawPhone'> {
  const kind = dice.share();
  if (kind < 0.05) return { phone: null, rawPhone: null };
  if (kind < 0.055) return { phone: null, rawPhone: 'see the file' };
  const digits = (length: number) => String(dice.below(10 ** length)).padStart(length, '0');
  if (kind < 0.06) {
    const [three, four] = [digits(3), digits(4)];
    return { phone: `+6421${three}${four}`, rawPhone: `+64 21 ${three} ${four}` };
  }
  if (kind < 0.82) {
    const [code, three, last] = [`41${digits(1)}`, digits(3), digits(3)];
    const rawPhone = dice.of([`0${code} ${three} ${last}`, `0${code}${three}${last}`, `+61 ${code} ${three} ${last}`]);
    return { phone: `+61${code}${three}${last}`, rawPhone: kind < 0.07 ? `+61 (0)${code}.${three}.${last}` : rawPhone };
  }
  const [area, first] = dice.of(areas);
  const [three, four] = [digits(3), digits(4)];
  const rawPhone = dice.of([
    `(0${area}) ${first}${three} ${four}`,
    `0${area} ${first}${three} ${four}`,
    `0${area}${first}${three}${four}`,
  ]);
  return { phone: `+61${area}${first}${three}${four}`, rawPhone };
}
