import type { Contact } from './contact.js';
import type { Plan } from './plan.js';

/** A plan that puts contacts into a book as they are. Applying it fails where an id or a link is taken already. */
export function planImport(
  contacts: readonly Contact[],
  options: { base: number; at: string; actor: string; why?: string | null },
): Plan {
  return {
    kind: 'import',
    source: null,
    actor: options.actor,
    why: options.why ?? null,
    at: options.at,
    base: options.base,
    decisions: contacts.map((after) => ({
      reason: 'imported',
      externalId: after.link?.externalId ?? null,
      before: null,
      after,
      flags: [],
      says: null,
      faults: [],
      note: null,
    })),
    counts: { rows: 0, reasons: { imported: contacts.length }, flags: {}, skipped: {} },
    blocked: [],
  };
}
