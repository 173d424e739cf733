import { expect, test } from 'vitest';
import type { Contact } from './contact.js';
import { planAdd } from './lifecycle.js';
import { memoryStore } from './memory-store.js';
import { planOfRun } from './plan-of-run.js';

const signature = { actor: 'ann', why: 'asked', at: '2026-03-01T00:00:00.000Z' };
const ann = { name: 'Ann Lee', email: 'ann@example.com', phone: null };
const other: Contact = {
  ...{ id: '7', name: 'Bo Ray', email: 'bo@example.com', phone: null, recordType: 'manual', forcedManual: false },
  link: null,
  missingSince: null,
};

test('the plan of a run comes back as it was applied', async () => {
  const store = memoryStore({ contacts: [other] });
  const plan = await planAdd(store, ann, 'AU', signature);
  const run = await store.apply(plan);
  expect(await planOfRun(store, run.id)).toEqual(plan);
});

test('a plan of which something is gone is refused', async () => {
  const store = memoryStore();
  const run = await store.apply(await planAdd(store, ann, 'AU', signature));
  await store.forget('1', signature);
  await expect(planOfRun(store, run.id)).rejects.toMatchObject({
    code: 'plan_invalid',
    message: `The plan of run ${run.id} is not kept whole any more.`,
    hint: 'Somebody was forgotten since, or it is older than the book keeps it. Sync again, and use the plan that is shown then.',
  });
});
