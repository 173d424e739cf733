import type { Page } from '@contact-sync/core';
import type { Person } from './api.js';

/**
 * Nothing is trimmed, folded or split here: core does that where people can see it. Records, unreadable and skipped rows
 * add up to the people of the page.
 */
export function pageOf(people: readonly (Person | null)[]): Page {
  const readable = people.flatMap((person) => person ?? []);
  return {
    records: readable
      .filter(({ archived }) => !archived)
      .map(({ id, name, mail, mobile }) => ({ externalId: id, name, email: mail, phone: mobile })),
    unreadable: people.flatMap((person, index) =>
      person === null
        ? [{ externalId: null, where: `person ${index + 1} of a page`, problem: 'a field is missing or wrong' }]
        : [],
    ),
    skipped: { archived: readable.filter(({ archived }) => archived).length },
  };
}
