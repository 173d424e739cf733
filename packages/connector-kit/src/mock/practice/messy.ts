/**
 * What people write where a program expects one thing. A practice gives each way in turn, so that a small one has all
 * of them too; most entries of a list are as they should be.
 */
type Way<Given extends readonly unknown[]> = (...given: Given) => string;

/** In turn, beginning anywhere: `number` 1, 2, 3, … meets every way once in `ways.length`. */
export function inTurn<Given extends readonly unknown[]>(ways: readonly Way<Given>[], number: number): Way<Given> {
  const way = ways[number % ways.length];
  if (way === undefined) throw new RangeError('There is no way to write it.');
  return way;
}

function mostly<Given extends readonly unknown[]>(clean: Way<Given>, times: number, messy: readonly Way<Given>[]) {
  // Spread among the clean ones, so that even a few people show some.
  const every = Math.floor(times / messy.length);
  return messy.flatMap((way) => [...Array.from({ length: every }, () => clean), way]);
}

/** Of one address, and of another one that the same people have. */
export const emailWays = mostly<[string, string]>((email) => email, 30, [
  (email) => email.toUpperCase(),
  () => '',
  (email, other) => `${email}; ${other}`,
  (email) => ` ${email} `,
  () => 'n/a',
  (email) => email.replace(/^./, (first) => first.toUpperCase()),
  (email, other) => `${email}, ${other}`,
  (email) => `Accounts <${email}>`,
  (email) => email.slice(0, email.indexOf('@') + 1),
  (email) => email.replace('@', ' @ '),
]);

const groups = (number: string) => `${number.slice(0, 4)} ${number.slice(4, 7)} ${number.slice(7)}`;
const landline = (number: string) => `(${number.slice(0, 2)}) ${number.slice(2, 6)} ${number.slice(6)}`;

/** Of a mobile number like 0491570006, and of a landline. Several clean ways are in use. */
export const mobileWays: readonly Way<[string, string]>[] = [
  (mobile) => groups(mobile),
  (mobile) => mobile,
  (mobile) => `+61 ${groups(mobile).slice(1)}`,
  () => '',
  (mobile) => groups(mobile),
  (mobile) => `61${mobile.slice(1)}`,
  (mobile) => groups(mobile),
  (mobile) => `+61${mobile.slice(1)}`,
  (mobile) => mobile,
  (mobile) => `${groups(mobile)} / ${landline('0355500009')}`,
  () => '',
  (mobile) => `${mobile.slice(0, 4)}-${mobile.slice(4, 7)}-${mobile.slice(7)}`,
  (mobile) => groups(mobile),
  () => 'call the office',
  (mobile) => mobile,
  // As a spreadsheet leaves it that took it for a number.
  (mobile) => mobile.slice(1),
  (mobile) => `${groups(mobile)} (wife)`,
  (mobile) => `+61 (0)${groups(mobile).slice(1)}`,
  (_, other) => landline(other),
];

/** Of a landline like 0355500001. */
export const phoneWays: readonly Way<[string]>[] = [
  () => '',
  (phone) => landline(phone),
  () => '',
  (phone) => phone,
  () => '',
  (phone) => `${phone.slice(0, 2)} ${phone.slice(2, 6)} ${phone.slice(6)}`,
  (phone) => `+61 ${phone.slice(1, 2)} ${phone.slice(2, 6)} ${phone.slice(6)}`,
  // Without its area code, as neighbours write it.
  (phone) => `${phone.slice(2, 6)} ${phone.slice(6)}`,
  (phone) => `${landline(phone)} ext 4`,
  () => 'none',
  (phone) => landline(phone),
];

/** Of a given and a family name. */
export const nameWays = mostly<[string, string]>((given, family) => `${given} ${family}`, 18, [
  (given, family) => `${family.toUpperCase()}, ${given}`,
  (given, family) => `${given}  ${family} `,
  (given, family) => `${family}, ${given}`,
  (given, family) => `${given} ${family}`.toUpperCase(),
  (given, family) => `${given.slice(0, 1)} ${family}`,
  (given, family) => `${given} ${family}`.normalize('NFD'),
]);
