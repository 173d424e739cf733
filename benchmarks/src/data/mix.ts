import type { Contact, RawRecord } from '@contact-sync/core';
import { random } from '../../../campaigns/src/random.ts';
import { type Person, personOf } from './person.ts';

/**
 * - `first`: the first sync after a source was disconnected: 40 % of the records have a contact that is linked to them (5 %
 *   of these forced manual, 10 % with other details than the record), 30 % a contact with the same name, email and phone,
 *   and 30 % none (a tenth of these equal an External contact, a fifth a contact with another phone).
 * - `steady`: any later one: 99.5 % say what they said, 0.4 % something else, and 0.1 % are new.
 */
export const mixes = ['first', 'steady'] as const;
export type Mix = (typeof mixes)[number];

export const source = 'bench:firm';

/** What a record meets in the book. */
type Case = 'forced' | 'changed' | 'linked' | 'profile' | 'shadowed' | 'near' | 'new';

/** The records of a mix in the order in which they come, which has nothing to do with the order of the book. */
export function* recordsOf(mix: Mix, size: number): Generator<RawRecord> {
  for (const index of shuffled(size)) yield recordOf(mix, size, index);
}

/** What the same source said at the sync before, in the same order; nothing before the first. */
export function* recordsBefore(mix: Mix, size: number): Generator<RawRecord> {
  if (mix === 'first') return;
  for (const index of shuffled(size)) {
    if (caseOf(mix, size, index) !== 'new') yield { ...recordOf(mix, size, index), email: personOf(index).email };
  }
}

/** The book before the sync. Ids are 1, 2, 3, … */
export function* bookOf(mix: Mix, size: number): Generator<Contact> {
  let id = 0;
  for (let index = 0; index < size; index += 1) {
    const contact = contactOf(mix, size, index);
    if (contact === null) continue;
    id += 1;
    yield { ...contact, id: String(id) };
  }
}

function recordOf(mix: Mix, size: number, index: number): RawRecord {
  const person = personOf(index);
  const changed = mix === 'steady' && caseOf(mix, size, index) === 'changed';
  // Sources write names as they like; the key that finds a contact is the same.
  const name = caseOf(mix, size, index) === 'profile' && index % 10 === 0 ? person.name.toUpperCase() : person.name;
  return {
    externalId: person.externalId,
    name,
    email: changed ? `new.${person.email}` : person.email,
    phone: person.rawPhone,
  };
}

function contactOf(mix: Mix, size: number, index: number): Omit<Contact, 'id'> | null {
  const person = personOf(index);
  const { name, email, phone, externalId } = person;
  const link = { source, externalId };
  const contact = { name, email, phone, forcedManual: false, missingSince: null };
  const manual = { ...contact, recordType: 'manual', link: null } as const;
  const kind = caseOf(mix, size, index);
  if (mix === 'steady') return kind === 'new' ? null : { ...contact, recordType: 'contact-sync', link };
  switch (kind) {
    case 'forced':
      return { ...manual, link, name: `${name} by hand`, forcedManual: true };
    case 'changed':
      return { ...manual, link, email: `old.${email}` };
    case 'linked':
      return { ...manual, link };
    case 'profile':
      return manual;
    case 'shadowed':
      return { ...contact, recordType: 'external', link: { source: 'external:other', externalId } };
    case 'near':
      return { ...manual, phone: anotherPhone(person) };
    case 'new':
      return null;
  }
}

function caseOf(mix: Mix, size: number, index: number): Case {
  if (mix === 'steady') {
    const changed = Math.round(size * 0.004);
    const made = Math.max(1, Math.round(size * 0.001));
    if (index < changed) return 'changed';
    return index < changed + made ? 'new' : 'linked';
  }
  const linked = Math.round(size * 0.4);
  const profile = linked + Math.round(size * 0.3);
  if (index < linked) return index % 20 === 0 ? 'forced' : index % 10 === 1 ? 'changed' : 'linked';
  if (index < profile) return 'profile';
  const ten = index % 10;
  return ten === 0 ? 'shadowed' : ten <= 2 ? 'near' : 'new';
}

function anotherPhone({ phone }: Person): string {
  return phone === '+61299990000' ? '+61299990001' : '+61299990000';
}

/** 0 to below `size`, in an order that comes from the size alone. */
function shuffled(size: number): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, index) => index);
  const dice = random(size);
  for (let last = size - 1; last > 0; last -= 1) {
    const other = dice.below(last + 1);
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}
