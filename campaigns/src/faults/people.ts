import type { RawRecord } from '@contact-sync/core';

const size = 60;

export type IdOf = (number: number) => string;

/**
 * Who is in the system: `before` when the book was synced first, `now` when the fault strikes. Of 62 people, two have
 * gone since and four are new, and every tenth has another phone. `grown` and `shrunk`: a little later.
 */
export function peopleOf(idOf: IdOf) {
  const person = (number: number, era: 0 | 1): RawRecord => ({
    externalId: idOf(number),
    name: `Person${String.fromCharCode(65 + (number % 26))} Numbered${number}`,
    email: `person${number}@example.com`,
    phone: number % 10 === 0 ? `+6141257${String(1000 + number + era * 500)}` : null,
  });
  const range = (from: number, to: number, era: 0 | 1) =>
    Array.from({ length: to - from }, (_, index) => person(from + index, era));
  const now = range(3, size + 3, 1);
  return {
    before: range(1, size - 1, 0),
    now,
    grown: [...range(size + 10, size + 15, 1), ...now],
    shrunk: now.slice(3),
  };
}
