import {
  type Contact,
  type ContactStore,
  type Decision,
  fold,
  type JudgedRecord,
  type Plan,
  type Policy,
  planSync,
  type Read,
  type Step,
} from '@contact-sync/core';

/** How one record was decided: the lines it was taken through, one of which fitted. */
export type Explanation = {
  readonly record: JudgedRecord;
  readonly steps: readonly Step[];
  readonly decision: Decision;
};

/** What is known of a contact id, an external id or an email. */
export type Explained = {
  readonly records: readonly Explanation[];
  /** Contacts that no record was found for; a `missing` decision where they would be marked. */
  readonly contacts: readonly { readonly contact: Contact; readonly decision: Decision | null }[];
  readonly plan: Plan;
};

type ExplainOptions = { readonly read: Read; readonly policy: Policy; readonly at: string; readonly actor: string };

/** Takes the records of a read through the rules as a sync does, and keeps what concerns `subject`. Writes nothing. */
export async function explain(store: ContactStore, subject: string, options: ExplainOptions): Promise<Explained> {
  const contacts = await contactsOf(store, subject);
  const all = new Map<JudgedRecord, Step[]>();
  const onStep = (step: Step) => {
    const steps = all.get(step.record);
    if (steps === undefined) all.set(step.record, [step]);
    else steps.push(step);
  };
  const plan = await planSync(store, { ...options, onStep });

  const ids = new Set(contacts.map(({ id }) => id));
  const concerns = ({ externalId, says }: JudgedRecord, { before, after }: Decision) =>
    externalId === subject ||
    (says !== null && fold(says.email) === fold(subject.trim())) ||
    (before !== null && ids.has(before.id)) ||
    after?.id === subject;
  const records: Explanation[] = [];
  for (const [record, steps] of all) {
    const decision = steps.find((step) => step.decision !== null)?.decision;
    if (decision != null && concerns(record, decision)) records.push({ record, steps, decision });
  }

  const explained = new Set(records.map(({ decision }) => decision.before?.id));
  return {
    records,
    contacts: contacts
      .filter(({ id }) => !explained.has(id))
      .map((contact) => ({
        contact,
        decision: plan.decisions.find(({ before }) => before?.id === contact.id) ?? null,
      })),
    plan,
  };
}

async function contactsOf(store: ContactStore, subject: string): Promise<Contact[]> {
  const [byId, found] = await Promise.all([
    store.find({ ids: [subject] }),
    store.search({ text: subject, limit: 100 }),
  ]);
  const same = found.contacts.filter(
    ({ id, email, link }) => id !== subject && (fold(email) === fold(subject.trim()) || link?.externalId === subject),
  );
  return [...byId, ...same];
}
