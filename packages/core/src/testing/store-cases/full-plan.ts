import type { Decision, Plan } from '../../plan.js';
import type { ContactStore, Run } from '../../store.js';
import { create, person, planOf, source, synced, versionOf } from '../store-kit.js';

export const block = {
  guard: 'many_missing',
  count: 7,
  of: 10,
  message: '7 of 10 contacts would go missing.',
} as const;
export const failure = {
  outcome: 'failed',
  error: { code: 'source_timeout', message: 'It took "too" long.\nWay too long.' },
} as const;

export const rejected: Decision = {
  reason: 'rejected_name_missing',
  externalId: 'row-7',
  before: null,
  after: null,
  flags: ['phone_dropped'],
  says: { name: '', email: 'x@example.com', phone: null },
  faults: ['rejected_name_missing', 'rejected_email_several'],
  note: 'line 7: "quoted"',
};

/** A plan that fills every field, applied to an empty book. */
export async function applied(store: ContactStore): Promise<{ run: Run; plan: Plan }> {
  const missing = {
    ...create(synced('2', { missingSince: '2026-01-01T00:00:00.000Z' })),
    flags: ['twin_of_missing', 'returned'],
  } as const;
  const decisions = [create(person('1')), rejected, missing];
  const plan = planOf(await versionOf(store), decisions, {
    kind: 'sync',
    source,
    actor: 'Zoë <z@example.com>',
    why: "it's March",
    at: '2026-03-04T05:06:07.008Z',
    counts: {
      rows: 6,
      reasons: { imported: 2, rejected_name_missing: 1, unchanged: 2 },
      flags: { returned: 1 },
      skipped: { archived: 3 },
    },
  });
  return { run: await store.apply(plan), plan };
}
