import { ContactSyncError, sameLink } from '@contact-sync/core';
import { allOf, broken, changing, holderOf, linkKey, listOf, rewriting, showing, withDecisions } from './broken.js';

const invalid = () => new ContactSyncError('plan_invalid', 'A link is taken.', { hint: 'Make the plan again.' });

export const writing = [
  broken('creates', 'reads the forced flag of synced contacts only', (store) =>
    showing(store, (contact) => (contact.recordType === 'manual' ? { ...contact, forcedManual: false } : contact)),
  ),
  broken(
    'updates',
    'leaves the forced flag out when it changes a contact',
    (store) => changing(store, (before, after) => ({ ...after, forcedManual: before.forcedManual })),
    ['touched-by-change'],
  ),
  broken('clears-a-phone', 'takes no phone for no change of the phone', (store) =>
    changing(store, (before, after) => ({ ...after, phone: after.phone ?? before.phone })),
  ),
  broken('clears-missing-since', 'takes not missing for no change', (store) =>
    changing(store, (before, after) => ({ ...after, missingSince: after.missingSince ?? before.missingSince })),
  ),
  broken('changes-the-type', 'does not make a manual contact a synced one', (store) =>
    changing(store, (before, after) =>
      before.recordType === 'manual' && after.recordType === 'contact-sync'
        ? { ...after, recordType: 'manual' }
        : after,
    ),
  ),
  broken('relinks', 'keeps the old link in the map when a contact gets another', (store) => {
    const old = new Map<string, Set<string>>();
    return {
      links: async (source) => {
        const links = await store.links(source);
        for (const externalId of old.get(source) ?? []) if (!links.has(externalId)) links.set(externalId, null);
        return links;
      },
      apply: async (plan, approval, rows) => {
        const run = await store.apply(plan, approval, rows);
        for (const { before, after } of plan.decisions) {
          const link = before?.link;
          if (!link || !after?.link || sameLink(link, after.link)) continue;
          old.set(link.source, (old.get(link.source) ?? new Set()).add(link.externalId));
        }
        return run;
      },
    };
  }),
  broken('unlinks', 'still finds a contact by a link that it lost', (store) => {
    const lost = new Map<string, string>();
    return {
      find: async (query) => {
        const ids = (query.links?.externalIds ?? []).flatMap((externalId) => lost.get(externalId) ?? []);
        return store.find({ ...query, ids: [...(query.ids ?? []), ...ids] });
      },
      apply: async (plan, approval, rows) => {
        const run = await store.apply(plan, approval, rows);
        for (const { before, after } of plan.decisions) {
          if (before?.link && after !== null && after.link === null) lost.set(before.link.externalId, after.id);
        }
        return run;
      },
    };
  }),
  broken('removes', 'still finds removed contacts when it searches', (store) => ({
    search: async (query) => {
      const found = await store.search(query);
      const { runs } = await store.runs({ limit: 100 });
      const lists = await Promise.all(runs.map(({ id }) => listOf(store.decisions(id))));
      const removed = lists.flat().flatMap(({ before, after }) => (before !== null && after === null ? [before] : []));
      return { ...found, contacts: [...removed, ...found.contacts] };
    },
  })),
  broken('twins', 'refuses a second manual contact with the same name, email and phone', (store) =>
    rewriting(store, async (plan) => {
      const details = (await allOf(store)).concat(
        plan.decisions.flatMap(({ before, after }) => (before === null && after ? [after] : [])),
      );
      const manual = details.filter(({ recordType }) => recordType === 'manual');
      const keys = manual.map(({ name, email, phone }) => JSON.stringify([name, email, phone]));
      const made = plan.decisions.some(({ before, after }) => before === null && after !== null);
      const distinctIds = new Set(manual.map(({ id }) => id)).size === manual.length;
      if (made && distinctIds && new Set(keys).size < keys.length) throw invalid();
      return plan;
    }),
  ),
  broken('many-decisions', 'takes no more than 4,096 decisions', (store) =>
    rewriting(store, (plan) => withDecisions(plan, plan.decisions.slice(0, 4096))),
  ),
  broken('links-swap', 'checks links row by row, after the removals', (store) =>
    rewriting(store, async (plan) => {
      const taken = new Map((await allOf(store)).map((contact) => [linkKey(contact), contact.id]));
      for (const { before, after } of plan.decisions) if (after === null) taken.delete(linkKey(before));
      for (const { before, after } of plan.decisions) {
        const key = linkKey(after);
        if (before === null || after === null || key === null || linkKey(before) === key) continue;
        if (taken.has(key) && taken.get(key) !== after.id) throw invalid();
        taken.delete(linkKey(before));
        taken.set(key, after.id);
      }
      return plan;
    }),
  ),
  broken('link-of-a-removed-contact', 'removes contacts last', (store) =>
    rewriting(store, async (plan) => {
      const removed = new Set(plan.decisions.filter(({ after }) => after === null).map(({ before }) => before?.id));
      for (const { after } of plan.decisions) {
        const holder = after && (await holderOf(store, after.link));
        if (holder && holder.id !== after.id && removed.has(holder.id)) throw invalid();
      }
      return plan;
    }),
  ),
];
