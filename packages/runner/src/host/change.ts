import {
  type ContactStore,
  type Details,
  type Link,
  type Plan,
  planAdd,
  planApproveHeld,
  planEdit,
  planForceManual,
  planLink,
  planPause,
  planRelease,
  planResume,
  type Run,
  type Signature,
} from '@contact-sync/core';
import { type Inner, isoNow, noticed, regionOf, storeOf, storeToChange } from './inner.js';
import type { Done, HostBook, Signed } from './types.js';
import { runView } from './views.js';

type Changes = Pick<
  HostBook,
  'add' | 'edit' | 'forceManual' | 'release' | 'link' | 'forget' | 'approveHeld' | 'pause' | 'resume'
>;

/** What a person changes by hand. Each is a plan that is made and applied at once, as the command of its name does. */
export function changesOf(inner: Inner): Changes {
  const region = regionOf(inner);
  const apply = async (signed: Signed, make: (store: ContactStore, signature: Signature) => Promise<Plan>) => {
    const store = await storeToChange(inner);
    const plan = await make(store, signatureOf(inner, signed));
    const run = await store.apply(plan);
    const [decision] = plan.decisions;
    return await doneOf(inner, run, (decision?.after ?? decision?.before)?.id ?? null);
  };
  return {
    add: (details: Details, signed) => apply(signed, (store, by) => planAdd(store, details, region, by)),
    edit: (id, details: Partial<Details>, signed) =>
      apply(signed, (store, by) => planEdit(store, id, details, region, by)),
    forceManual: (id, signed) => apply(signed, (store, by) => planForceManual(store, id, by)),
    release: (id, signed) => apply(signed, (store, by) => planRelease(store, id, by)),
    link: (id, link: Link, signed) => apply(signed, (store, by) => planLink(store, id, link, by)),
    approveHeld: (run, externalId, signed) => apply(signed, (store, by) => planApproveHeld(store, run, externalId, by)),
    pause: (source, signed) => apply(signed, (store, by) => planPause(store, source, by)),
    resume: (source, signed) => apply(signed, (store, by) => planResume(store, source, by)),
    async forget(id, signed) {
      const store = await storeToChange(inner);
      return await doneOf(inner, await store.forget(id, signatureOf(inner, signed)), null);
    },
  };
}

export function signatureOf(inner: Inner, { actor, why }: Signed): Signature {
  return { actor, why, at: isoNow(inner) };
}

/** What was done, once everybody has heard of it. */
export async function doneOf(inner: Inner, run: Run, contactId: string | null): Promise<Done> {
  await noticed(inner);
  const [contact = null] = contactId === null ? [] : await (await storeOf(inner)).find({ ids: [contactId] });
  return { run: runView(run), contact };
}
