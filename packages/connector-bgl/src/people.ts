import { quotable, type RawRecord } from '@contact-sync/core';
import { emailOf, externalIdOf, type Outcome, personName } from './map.js';
import type { Row, WirePerson } from './wire.js';

/** A row of one fund about somebody: as a member, or as a trustee or director. */
export type Copy = { readonly as: 'member' | 'trustee'; readonly fund: string; readonly row: Row<WirePerson> };

export type WantedPeople = { readonly members: boolean; readonly trustees: boolean };

type Known = Copy & { readonly row: { readonly value: WirePerson } };

/**
 * One outcome for each row, for all funds together: the same person, by peopleId, stands under several of them, as a
 * member and as a trustee, and is one record. What one row leaves open (a trustee's has no mobile) another one tells,
 * a member's before a trustee's. Rows that say different things are all handed over: core rejects them, and says so.
 */
export function outcomesOfPeople(copies: readonly Copy[], wanted: WantedPeople): Outcome[] {
  const outcomes: Outcome[] = [];
  const people = new Map<string, Copy[]>();
  for (const copy of copies) {
    const id = idOf(copy.row);
    if (id !== null) people.set(id, [...(people.get(id) ?? []), copy]);
    else outcomes.push(...outcomesOfOne(null, [copy], wanted));
  }
  for (const [id, rows] of people) outcomes.push(...outcomesOfOne(id, rows, wanted));
  return outcomes;
}

function outcomesOfOne(id: string | null, copies: readonly Copy[], wanted: WantedPeople): Outcome[] {
  const known = copies.filter(isKnown);
  // A row that cannot be read may be the one that says that somebody has died.
  if (known.length < copies.length) return copies.map((copy) => unreadable(id, copy));
  if (known.some(({ row }) => row.value.deceased)) return copies.map(() => ({ skipped: 'person_deceased' }));

  const asked = known.filter(({ as }) => (as === 'member' ? wanted.members : wanted.trustees));
  const members = known.filter(({ as }) => as === 'member');
  const inOrder = [...members, ...known.filter(({ as }) => as === 'trustee')].map(({ row }) => row.value);
  const records = new Map<string, RawRecord>();
  for (const { row } of asked) {
    const record = recordOf(id, row.value, inOrder);
    records.set(JSON.stringify(record), record);
  }
  return [
    ...[...records.values()].map((record): Outcome => ({ record })),
    ...Array.from({ length: asked.length - records.size }, (): Outcome => ({ skipped: 'repeated' })),
    ...Array.from({ length: known.length - asked.length }, (): Outcome => ({ skipped: 'member_not_asked' })),
  ];
}

function recordOf(id: string | null, person: WirePerson, others: readonly WirePerson[]): RawRecord {
  const named = [person, ...others].find((one) => personName(one) !== null) ?? person;
  const told = (field: 'mobile' | 'phone'): string | null =>
    person[field] ?? others.find((other) => other[field] !== null)?.[field] ?? null;
  const emails = [person, ...others].map(({ email }) => emailOf(email));
  return {
    externalId: id === null ? '' : externalIdOf.person(id),
    name: personName(named),
    email: emails.find((email) => email !== null) ?? null,
    phone: told('mobile') ?? told('phone'),
  };
}

function unreadable(id: string | null, { as, fund, row }: Copy): Outcome {
  const who = id === null ? `a ${as} without an id` : `${as} ${quotable(id)}`;
  const problem = row.value === null ? row.problem : 'another row of the same person cannot be read';
  const externalId = id === null ? null : externalIdOf.person(id);
  return { unreadable: { externalId, where: `${who} of fund ${quotable(fund)}`, problem } };
}

function idOf(row: Row<WirePerson>): string | null {
  return row.value === null ? row.id : (row.value.peopleId ?? row.value.memberRefKey);
}

function isKnown(copy: Copy): copy is Known {
  return copy.row.value !== null;
}
