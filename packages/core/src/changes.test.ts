import { expect, test } from 'vitest';
import { linkTaken } from './changes.js';
import { type Contact, sameContact } from './contact.js';
import { memoryStore } from './memory-store.js';
import { type Decision, planOf } from './plan.js';

const one: Contact = {
  ...{ id: '1', name: 'Ann Lee', email: 'ann@example.com', phone: null, recordType: 'manual', forcedManual: false },
  link: null,
  missingSince: null,
};
const renamed = { ...one, name: 'Ann Ray' };
const hint = 'Nothing was written. Make the plan again.';

function decision(before: Contact | null, after: Contact | null): Decision {
  return { reason: 'edited', externalId: null, before, after, flags: [], says: null, faults: [], note: null };
}

function apply(...decisions: Decision[]) {
  const signature = { actor: 'ann', why: null, at: '2026-03-01T00:00:00.000Z' };
  const plan = planOf({ kind: 'edit', source: null, base: 0, ...signature }, decisions);
  return memoryStore({ contacts: [one] }).apply(plan);
}

test.each<[string, Decision[]]>([
  ['Contact 1 is to be made, and is in the book already.', [decision(null, renamed)]],
  ['Contact 2 is not in the book.', [decision({ ...one, id: '2' }, { ...renamed, id: '2' })]],
  ['Contact 1 is not what the plan says.', [decision(renamed, one)]],
  ['Contact 1 is to get another id.', [decision(one, { ...one, id: '2' })]],
  ['Contact 1 is changed by two decisions.', [decision(one, renamed), decision(one, null)]],
])('a plan that does not fit says why: %s', async (message, decisions) => {
  await expect(apply(...decisions)).rejects.toMatchObject({ code: 'plan_invalid', message, hint });
});

test('two decisions may look at one contact, where one of them changes nothing', async () => {
  expect((await apply(decision(one, one), decision(one, renamed))).outcome).toBe('applied');
  expect(sameContact(one, renamed)).toBe(false);
});

test('two contacts with one link', () => {
  expect(linkTaken({ source: 'xpm:t', externalId: 'A' })).toMatchObject({
    code: 'plan_invalid',
    message: 'Two contacts would be linked to record A of xpm:t.',
    hint,
  });
});
