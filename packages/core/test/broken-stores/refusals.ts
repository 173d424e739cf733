import { type Contact, type Decision, sameContact, sameLink } from '@contact-sync/core';
import { broken, contactOf, holderOf, linkKey, rewriting, withDecisions } from './broken.js';

export const refusals = [
  broken('stale-plan', 'takes its own changes for none that could matter to a plan', (store) => {
    const mine = new Set<number>();
    return {
      apply: async (plan, approval, rows) => {
        const { version } = await store.head();
        const late = approval === undefined && plan.decisions.length > 0 && mine.has(plan.base);
        const run = await store.apply(late ? { ...plan, base: version } : plan, approval, rows);
        if (run.version !== version) mine.add(version);
        return run;
      },
    };
  }),
  broken(
    'plan-from-the-future',
    'refuses only plans for earlier versions',
    (store) => rewriting(store, async (plan) => ({ ...plan, base: Math.min(plan.base, (await store.head()).version) })),
    ['kept-rows-wholeness'],
  ),
  broken('stale-plan-of-nothing', 'does not look at the version where there is nothing to write', (store) =>
    rewriting(store, async (plan) =>
      plan.decisions.length > 0 ? plan : { ...plan, base: (await store.head()).version },
    ),
  ),
  broken('create-what-is-there', 'overwrites a contact that is there', (store) =>
    each(store, async (decision) => {
      const there = decision.before === null && decision.after && (await contactOf(store, decision.after.id));
      return there ? [{ ...decision, before: there }] : [decision];
    }),
  ),
  broken('change-what-is-not-there', 'makes a contact that it cannot find', (store) =>
    each(store, async (decision) => {
      const { before, after } = decision;
      const lost = before !== null && after !== null && (await contactOf(store, before.id)) === undefined;
      return [lost ? { ...decision, before: null } : decision];
    }),
  ),
  broken('change-what-is-different', 'compares everything but the time since when a contact is missing', (store) =>
    each(store, async (decision) => {
      const { before, after } = decision;
      const now = before && after && (await contactOf(store, before.id));
      const same = before && now && sameContact(now, { ...before, missingSince: now.missingSince });
      return [same ? { ...decision, before: now } : decision];
    }),
  ),
  broken('remove-what-is-not-there', 'is content where a contact to be removed is not there', (store) =>
    each(store, async (decision) => {
      const { before, after } = decision;
      const gone = before !== null && after === null && (await contactOf(store, before.id)) === undefined;
      return gone ? [] : [decision];
    }),
  ),
  broken('remove-what-is-different', 'removes by id alone', (store) =>
    each(store, async (decision) => {
      const now = decision.before && decision.after === null && (await contactOf(store, decision.before.id));
      return [now ? { ...decision, before: now } : decision];
    }),
  ),
  broken(
    'keep-what-is-different',
    'does not look at decisions that change nothing',
    (store) =>
      each(store, async (decision) => {
        const { before, after } = decision;
        return before && after && sameContact(before, after) ? [] : [decision];
      }),
    ['contact-history-of-what-was-held', 'contact-history-pages', 'contact-history-purged'],
  ),
  broken('another-id', 'takes another id for a removal and a new contact', (store) =>
    each(store, async (decision) => {
      const { before, after } = decision;
      if (before === null || after === null || before.id === after.id) return [decision];
      return [
        { ...decision, after: null },
        { ...decision, before: null },
      ];
    }),
  ),
  broken('changed-twice', 'applies decisions one after the other, each to what the one before left', (store) =>
    rewriting(store, (plan) => {
      const decisions: Decision[] = [];
      for (const decision of plan.decisions) {
        const at = decisions.findIndex(({ before, after }) => before && after && same(after, decision.before));
        const earlier = decisions[at];
        if (earlier && !same(earlier.before, earlier.after)) decisions[at] = { ...earlier, after: decision.after };
        else decisions.push(decision);
      }
      return withDecisions(plan, decisions);
    }),
  ),
  broken('made-twice', 'lets the last of several new contacts with one id win', (store) =>
    rewriting(store, (plan) => {
      const last = new Map(plan.decisions.map((decision) => [decision.after?.id, decision]));
      const wins = (decision: Decision) => decision.before !== null || last.get(decision.after?.id) === decision;
      return withDecisions(
        plan,
        plan.decisions.filter((decision) => decision.after === null || wins(decision)),
      );
    }),
  ),
  broken('link-taken', 'takes a link from who has it when a contact is relinked', (store) =>
    rewriting(store, async (plan) => {
      const robbed: Decision[] = [];
      for (const decision of plan.decisions) {
        const { before, after } = decision;
        if (before === null || after === null || sameLink(before.link, after.link)) continue;
        const holder = await holderOf(store, after.link);
        const planned = plan.decisions.some((other) => other.before?.id === holder?.id);
        if (holder && !planned) robbed.push({ ...decision, before: holder, after: { ...holder, link: null } });
      }
      return withDecisions(plan, [...plan.decisions, ...robbed]);
    }),
  ),
  broken('link-given-twice', 'looks for taken links in the book only, and lets the last of a plan win', (store) =>
    rewriting(store, (plan) => {
      const last = new Map(plan.decisions.map((decision) => [linkKey(decision.after), decision]));
      const unlinked = (decision: Decision): Decision => {
        const { before, after } = decision;
        const loses = before === null && linkKey(after) !== null && last.get(linkKey(after)) !== decision;
        return loses && after ? { ...decision, after: { ...after, link: null } } : decision;
      };
      return withDecisions(plan, plan.decisions.map(unlinked));
    }),
  ),
  broken('external-becomes-another', 'looks for taken links only where a link changes', (store) =>
    each(store, async (decision) => {
      const { before, after } = decision;
      if (before?.recordType !== 'external' || after === null || !sameLink(before.link, after.link)) return [decision];
      return [{ ...decision, after: { ...after, link: null } }];
    }),
  ),
];

function each(store: Parameters<typeof rewriting>[0], rewrite: (decision: Decision) => Promise<Decision[]>) {
  return rewriting(store, async (plan) => withDecisions(plan, (await Promise.all(plan.decisions.map(rewrite))).flat()));
}

function same(a: Contact | null, b: Contact | null): boolean {
  return a !== null && b !== null && sameContact(a, b);
}
