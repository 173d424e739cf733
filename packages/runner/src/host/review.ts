import {
  type Contact,
  type ContactStore,
  type Decision,
  fold,
  nameEmailKey,
  type Run,
  sameContact,
  sameDetails,
} from '@contact-sync/core';
import { isOpen } from '../reports/report.js';
import { type Inner, storeOf } from './inner.js';
import { pageOf } from './pages.js';
import type { Review, ReviewItem, ReviewQuery } from './types.js';
import { decisionView } from './views.js';
import { kindOf, type Waiting } from './waiting.js';

type Open = { readonly run: Run; readonly decision: Decision };

/** So many at a time: each is looked up among all contacts. */
const mostOfPage = 25;

/** How many look-alikes of a record are shown. */
const mostCandidates = 10;

/** The records that the last done sync of each connected source held or rejected, and that nobody has settled since. */
export async function reviewOf(inner: Inner, waiting: Waiting, query: ReviewQuery): Promise<Review> {
  const store = await storeOf(inner);
  const all = await unsettled(store, await openOf(waiting));
  const wanted = all.filter(
    ({ run, decision }) =>
      (query.kind === undefined || kindOf(decision) === query.kind) &&
      (query.source === undefined || run.source === query.source),
  );
  const { page, next } = pageOf(wanted, { ...query, limit: Math.min(query.limit, mostOfPage) });
  const items: ReviewItem[] = [];
  for (const open of page) items.push(await itemOf(store, open));
  const held = all.filter(({ decision }) => kindOf(decision) === 'held').length;
  return { items, next, counts: { held, rejected: all.length - held } };
}

/** The contacts that such records are about, by their ids: of a record that was nobody's then, whoever has its link now. */
export async function contactsInReview(
  inner: Inner,
  waiting: Waiting,
  kind: 'held' | 'rejected',
): Promise<readonly string[]> {
  const store = await storeOf(inner);
  const ids = new Set<string>();
  const unknown = new Map<string, string[]>();
  for (const { run, decision } of await unsettled(store, await openOf(waiting))) {
    if (kindOf(decision) !== kind) continue;
    const { before, after, externalId } = decision;
    const contact = after ?? before;
    if (contact !== null) ids.add(contact.id);
    else if (run.source !== null && externalId !== null) {
      unknown.set(run.source, [...(unknown.get(run.source) ?? []), externalId]);
    }
  }
  for (const [source, externalIds] of unknown)
    for (const { id } of await store.find({ links: { source, externalIds } })) ids.add(id);
  return [...ids];
}

async function openOf(waiting: Waiting): Promise<Open[]> {
  const seen = await waiting.all();
  return seen.flatMap(({ run, decisions }) => decisions.filter(isOpen).map((decision) => ({ run, decision })));
}

/** A held record that was approved since, or whose contact says the same by now, waits for nobody. */
export async function unsettled(store: ContactStore, open: readonly Open[]): Promise<Open[]> {
  const ids = open.flatMap(({ decision }) => (isHeld(decision) && decision.before ? [decision.before.id] : []));
  const now = new Map((await store.find({ ids })).map((contact) => [contact.id, contact]));
  return open.filter(({ decision }) => {
    const { before, says } = decision;
    if (!isHeld(decision) || before === null || says === null) return true;
    const contact = now.get(before.id);
    return contact !== undefined && !sameDetails(contact, { ...says, phone: phoneOf(decision) });
  });
}

function phoneOf({ says, flags }: Decision): string | null {
  return flags.includes('phone_dropped') ? null : (says?.phone ?? null);
}

function isHeld(decision: Decision): boolean {
  return kindOf(decision) === 'held';
}

async function itemOf(store: ContactStore, { run, decision }: Open): Promise<ReviewItem> {
  const candidates = await candidatesOf(store, run.source, decision);
  const { before, says, externalId } = decision;
  const now = candidates.find(({ id }) => id === before?.id);
  const canApprove = isHeld(decision) && now !== undefined && before !== null && sameContact(now, before);
  const canLink = externalId !== null && candidates.some((one) => one.id !== now?.id && one.recordType !== 'external');
  return {
    run: run.id,
    source: run.source,
    at: run.at,
    decision: decisionView(decision),
    candidates,
    actions: [...(canApprove && says !== null ? (['approve'] as const) : []), ...(canLink ? (['link'] as const) : [])],
  };
}

/** Whom a record may be about: who has its link, its email, or its name and email, and whom the run took it for. */
async function candidatesOf(
  store: ContactStore,
  source: string | null,
  { before, says, externalId }: Decision,
): Promise<Contact[]> {
  const found = await store.find({
    ...(before === null ? {} : { ids: [before.id] }),
    ...(source === null || externalId === null ? {} : { links: { source, externalIds: [externalId] } }),
    ...(says === null || says.email === '' ? {} : { nameEmailKeys: [nameEmailKey(says)] }),
  });
  const email = fold(says?.email ?? '');
  const alike = email === '' ? [] : (await store.search({ text: email, limit: 50 })).contacts;
  const all = [...found, ...alike.filter((contact) => fold(contact.email) === email)];
  const byId = new Map(all.map((contact) => [contact.id, contact]));
  const rank = ({ id }: Contact) => (id === before?.id ? 0 : 1);
  return [...byId.values()].toSorted((a, b) => rank(a) - rank(b)).slice(0, mostCandidates);
}
