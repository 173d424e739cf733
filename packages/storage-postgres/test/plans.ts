import { type Contact, type ContactStore, type Decision, type Plan, planImport } from '@contact-sync/core';

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

export function planOf(base: number, decisions: readonly Decision[]): Plan {
  const counts = { rows: 0, reasons: { imported: decisions.length }, flags: {}, skipped: {} };
  return { ...planImport([], { base, at, actor: 'test' }), decisions, counts };
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
  return planOf(version, decisions);
}
