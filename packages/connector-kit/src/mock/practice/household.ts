import type { Draw } from './draw.js';
import { emailWays, inTurn, mobileWays, nameWays, phoneWays } from './messy.js';
import type { Address, Client, ClientContact, ClientKind, Person, Role } from './types.js';
import { businesses, familyNames, givenNames, mobiles, places, streets, trades } from './words.js';

export type Household = {
  readonly people: readonly Person[];
  /** In the order in which they come; `complete`: how many people of the household it takes to have all of its own. */
  readonly clients: readonly { readonly complete: number; readonly client: Client }[];
};

type Start = {
  readonly seed: number;
  readonly house: number;
  readonly draw: Draw;
  /** How many people and clients there are before this household. */
  readonly people: number;
  readonly clients: number;
};

/** What the people of a household have in common. */
type Home = Start & {
  readonly family: string;
  readonly address: Address;
  readonly landline: string;
  readonly email: string;
};

/** A client that is not yet numbered. */
type Draft = {
  readonly kind: ClientKind;
  readonly name: string;
  readonly person?: Person;
  readonly members: readonly (readonly [Person, Role])[];
  /** The draft of the company that is its trustee. */
  readonly trustee?: Draft | undefined;
};

export function householdOf(start: Start): Household {
  const { draw } = start;
  const home = homeOf(start);
  const size = draw.of([1, 1, 1, 2, 2, 2, 2, 3, 4]);
  const family = Array.from({ length: size }, (_, index) => personOf(home, index));
  const { people, entities } = entitiesOf(home, family);
  const individuals = family.map(
    (person): Draft => ({
      kind: 'individual',
      name: `${person.familyName}, ${person.givenName}`,
      person,
      members: contactsOf(person, family, draw),
    }),
  );
  return { people, clients: numbered([...individuals, ...entities], people, home) };
}

function homeOf(start: Start): Home {
  const { draw, house } = start;
  const { city, state, postcode, area } = draw.of(places);
  const family = draw.of(familyNames);
  return {
    ...start,
    family,
    address: { street: `${1 + draw.below(200)} ${draw.of(streets)}`, city, state, postcode },
    // ACMA's ranges for fiction in every area; in 08 only one of the two is a number that libraries take for valid.
    landline: `${area}${area === '08' ? '7010' : draw.of(['5550', '7010'])}${String(draw.below(10_000)).padStart(4, '0')}`,
    email: `${plain(family).slice(0, 30)}s${house}@example.com`,
  };
}

function personOf(home: Home, index: number): Person {
  const { draw, seed } = home;
  const number = home.people + index + 1;
  const [givenName, title] = draw.of(givenNames);
  // Some keep the name they were born with.
  const familyName = index > 0 && draw.chance(25) ? draw.of(familyNames) : home.family;
  const domain = draw.of(['example.com', 'example.org', 'example.net', `${plain(home.family).slice(0, 30)}.example`]);
  const own = `${plain(givenName)}.${plain(familyName).slice(0, 30)}${number}@${domain}`;
  const shares = index > 0 && draw.chance(30);
  const turn = number + seed;
  return {
    number,
    id: idOf(seed, 1, number),
    title,
    givenName,
    familyName,
    name: inTurn(nameWays, turn)(givenName, familyName),
    email: inTurn(emailWays, turn)(shares || (index === 0 && draw.chance(15)) ? home.email : own, home.email),
    mobile: inTurn(mobileWays, turn)(draw.of(mobiles), home.landline),
    phone: inTurn(phoneWays, turn)(home.landline),
    address: home.address,
    born: bornOf(draw, index),
    deceased: draw.chance(2),
    deleted: draw.chance(3),
  };
}

function bornOf(draw: Draw, index: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const year = index < 2 ? 1940 + draw.below(55) : 1985 + draw.below(20);
  return `${year}-${two(1 + draw.below(12))}-${two(1 + draw.below(28))}`;
}

/** An individual's own contacts: often none, sometimes the person again, sometimes who does the paperwork. */
function contactsOf(person: Person, family: readonly Person[], draw: Draw): [Person, Role][] {
  const [first, second] = family;
  const own: [Person, Role][] = draw.chance(20) ? [[person, 'self']] : [];
  return person === second && first !== undefined && draw.chance(30) ? [...own, [first, 'spouse']] : own;
}

function entitiesOf(home: Home, family: readonly Person[]): { people: readonly Person[]; entities: Draft[] } {
  const { draw } = home;
  const adults = family.slice(0, 2);
  const entities: Draft[] = [];
  const as = (role: Role, people: readonly Person[] = adults) => people.map((person) => [person, role] as const);

  let people = family;
  if (draw.chance(40)) {
    const name = `${draw.of(businesses)} ${draw.of(trades)} ${draw.of(['Pty Ltd', 'Pty. Ltd.', 'PTY LTD'])}`;
    const bookkeeper = draw.chance(30) ? [personOf({ ...home, family: draw.of(familyNames) }, family.length)] : [];
    people = [...family, ...bookkeeper];
    entities.push({ kind: 'company', name, members: [...as('director'), ...as('bookkeeper', bookkeeper)] });
  }
  if (adults.length === 2 && draw.chance(15)) {
    const initials = adults.map(({ givenName }) => givenName.slice(0, 1)).join(' & ');
    entities.push({ kind: 'partnership', name: `${initials} ${home.family}`, members: as('partner') });
  }
  if (draw.chance(30)) {
    const name = draw.of([
      `${home.family} Family Trust`,
      `The Trustee for the ${home.family} Family Discretionary Trust`,
    ]);
    const others = as('beneficiary', family.slice(2));
    entities.push({ kind: 'trust', name, members: [...as('trustee'), ...others], trustee: companyOf(entities) });
  }
  if (draw.chance(30)) {
    const trustee: Draft = { kind: 'company', name: `${home.family} Nominees Pty Ltd`, members: as('director') };
    const name = `${home.family} ${draw.of(['Super Fund', 'Superannuation Fund', 'SMSF'])}`;
    const corporate = draw.chance(60);
    if (corporate) entities.push(trustee);
    entities.push({ kind: 'super-fund', name, members: as('member'), trustee: corporate ? trustee : undefined });
  }
  return { people, entities };
}

function companyOf(entities: readonly Draft[]): Draft | undefined {
  return entities.find(({ kind }) => kind === 'company');
}

/** Those first whose people are there first, so that a practice that is cut off here only lacks its last clients. */
function numbered(drafts: readonly Draft[], people: readonly Person[], home: Home): Household['clients'] {
  const completeOf = (draft: Draft): number =>
    Math.max(
      ...[...draft.members.map(([person]) => person), ...(draft.person === undefined ? [] : [draft.person])].map(
        (person) => people.indexOf(person) + 1,
      ),
      draft.trustee === undefined ? 0 : completeOf(draft.trustee),
    );
  const inOrder = drafts.toSorted((a, b) => completeOf(a) - completeOf(b));
  return inOrder.map((draft, index) => {
    const number = home.clients + index + 1;
    const trustee = draft.trustee === undefined ? null : home.clients + inOrder.indexOf(draft.trustee) + 1;
    return { complete: completeOf(draft), client: clientOf(draft, number, trustee, home) };
  });
}

function clientOf(draft: Draft, number: number, trustee: number | null, home: Home): Client {
  const { draw, seed } = home;
  const { kind, name, person = null, members } = draft;
  const word = plain(name).slice(0, 30);
  const contacts = members.map(
    ([member, role], index): ClientContact => ({ person: member, role, primary: index === 0 }),
  );
  return {
    number,
    id: idOf(seed, 2, number),
    kind,
    code: `${word.slice(0, 4).toUpperCase()}${String(number).padStart(4, '0')}`,
    name,
    person,
    email: person?.email ?? inTurn(emailWays, number + seed)(`info@${word}${number}.example`, home.email),
    phone: person === null ? inTurn(phoneWays, number + seed)(home.landline) : person.phone || person.mobile,
    address: home.address,
    status: statusOf(draw.below(100)),
    contacts,
    trustee,
  };
}

function statusOf(percent: number): Client['status'] {
  if (percent < 5) return 'archived';
  if (percent < 8) return 'prospect';
  return percent < 10 ? 'deleted' : 'active';
}

/** A UUID that says where it is from: the seed, 1 for a person or 2 for a client, and its number. */
function idOf(seed: number, kind: 1 | 2, number: number): string {
  const hex = (value: number, length: number) => value.toString(16).padStart(length, '0').slice(-length);
  return `${hex(seed, 8)}-000${kind}-4000-8000-${hex(number, 12)}`;
}

/** Only the letters a to z: what is left of a name in an address of email. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
