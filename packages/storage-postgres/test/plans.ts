import { type Contact, type ContactStore, type Decision, type Plan, planOf } from '@contact-sync/core';

export const at = '2026-03-01T00:00:00.000Z';

export function people(count: number, name: string): Contact[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index + 1),
    name,
    email: `${index + 1}@example.com`,
    phone: '+61412345678',
    recordType: 'contact-sync',
    forcedManual: false,
    link: { source: 'xpm:t', externalId: `${name} ${index}` },
    missingSince: null,
  }));
}

export function planFor(base: number, decisions: readonly Decision[]): Plan {
  return planOf({ kind: 'import', source: null, base, actor: 'test', at, why: null }, decisions);
}

export function decisionOf(before: Contact | null, after: Contact | null): Decision {
  return { reason: 'imported', externalId: null, before, after, flags: [], says: null, faults: [], note: null };
}

/** Gives everybody in the book another name and another link. */
export async function renaming(store: ContactStore, name: string): Promise<Plan> {
  const { version } = await store.head();
  const { contacts } = await store.search({ limit: 100_000 });
  const decisions = contacts.map((before) => {
    const link = { source: 'xpm:t', externalId: `${name} ${Number(before.id) - 1}` };
    return decisionOf(before, { ...before, name, link });
  });
  return planFor(version, decisions);
}
