import { type Contact, type ContactStore, ContactSyncError, detailsFingerprint } from '@contact-sync/core';
import { allOf, broken, linkKey, rewriting } from './broken.js';

export const links = [
  broken('links-of-manual-contacts', 'lists synced contacts only', (store) =>
    relisting(store, (entries) => entries.filter(({ contact }) => contact.recordType === 'contact-sync')),
  ),
  broken('links-without-externals', 'lists external contacts too', (store) => ({
    links: async (source) => {
      const links = await store.links(source);
      for (const { link } of await allOf(store)) {
        if (link?.source === source && !links.has(link.externalId)) links.set(link.externalId, null);
      }
      return links;
    },
  })),
  broken('externals-share-links', 'gives nobody a link that an external contact has', (store) =>
    rewriting(store, (plan) => {
      const external = new Set<string>();
      for (const { before, after } of plan.decisions) {
        if (before !== null || after === null) continue;
        if (external.has(linkKey(after) ?? 'none')) {
          throw new ContactSyncError('plan_invalid', 'A link is taken.', { hint: 'Make the plan again.' });
        }
        if (after.recordType === 'external') external.add(JSON.stringify(after.link));
      }
      return plan;
    }),
  ),
  broken('link-freed-by-external', 'makes a contact before another one becomes external and frees its link', (store) =>
    rewriting(store, (plan) => {
      const given = new Set<string>();
      for (const { before, after } of plan.decisions) {
        const freed = after?.recordType === 'external' ? linkKey(before) : null;
        if (freed !== null && given.has(freed)) {
          throw new ContactSyncError('plan_invalid', 'A link is taken.', { hint: 'Make the plan again.' });
        }
        if (before === null) given.add(linkKey(after) ?? 'none');
      }
      return plan;
    }),
  ),
  broken('links-of-one-source', 'lists all sources that begin alike', (store) => ({
    links: async (source) => {
      const alike = (await allOf(store)).flatMap(({ link }) => (link?.source.startsWith(source) ? [link.source] : []));
      const maps = await Promise.all([...new Set([source, ...alike])].map((name) => store.links(name)));
      return new Map(maps.flatMap((map) => [...map]));
    },
  })),
  broken('links-are-exact', 'trims external ids', (store) => ({
    links: async (source) => new Map([...(await store.links(source))].map(([id, known]) => [id.trim(), known])),
  })),
  broken('fingerprints', 'takes fingerprints of ASCII only', (store) =>
    relisting(store, (entries) =>
      entries.map(({ contact, known }) => {
        const name = contact.name.replace(/[^ -~]/g, '?');
        return { contact, known: known && detailsFingerprint({ ...contact, name }) };
      }),
    ),
  ),
  broken('no-fingerprint-of-manual', 'takes fingerprints of manual contacts', (store) =>
    relisting(
      store,
      fingerprinting(({ recordType }) => recordType === 'manual'),
    ),
  ),
  broken('no-fingerprint-of-forced', 'takes fingerprints of forced-manual contacts', (store) =>
    relisting(
      store,
      fingerprinting(({ recordType, forcedManual }) => recordType === 'contact-sync' && forcedManual),
    ),
  ),
  broken('no-fingerprint-of-missing', 'takes fingerprints of missing contacts', (store) =>
    relisting(
      store,
      fingerprinting(({ recordType, missingSince }) => recordType === 'contact-sync' && missingSince !== null),
    ),
  ),
  broken('fingerprints-follow', 'takes a fingerprint when a contact is made, and never again', (store) => {
    const first = new Map<string, string>();
    return {
      links: async (source) =>
        new Map([...(await store.links(source))].map(([id, known]) => [id, known && (first.get(id) ?? known)])),
      apply: async (plan, approval, rows) => {
        const run = await store.apply(plan, approval, rows);
        for (const { before, after } of plan.decisions) {
          if (before === null && after?.link) first.set(after.link.externalId, detailsFingerprint(after));
        }
        return run;
      },
    };
  }),
];

type Entry = { contact: Contact; known: string | null };

function relisting(store: ContactStore, relist: (entries: Entry[]) => Entry[]): Partial<ContactStore> {
  return {
    links: async (source) => {
      const links = await store.links(source);
      const contacts = (await allOf(store)).filter(
        ({ recordType, link }) => recordType !== 'external' && link?.source === source,
      );
      const entries = contacts.map((contact) => ({
        contact,
        known: links.get(contact.link?.externalId ?? '') ?? null,
      }));
      return new Map(relist(entries).map(({ contact, known }) => [contact.link?.externalId ?? '', known]));
    },
  };
}

function fingerprinting(which: (contact: Contact) => boolean): (entries: Entry[]) => Entry[] {
  return (entries) =>
    entries.map(({ contact, known }) => ({ contact, known: which(contact) ? detailsFingerprint(contact) : known }));
}
