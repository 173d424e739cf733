import { type Contact, type ContactStore, planImport } from '@contact-sync/core';
import { bookDigest } from '../digest.ts';

const atOnce = 50_000;
const at = '2026-01-01T00:00:00.000Z';

/** Puts contacts into a store by its own means, and leaves no trace of how they came there. */
export async function fillStore(store: ContactStore, contacts: Iterable<Contact>): Promise<void> {
  let some: Contact[] = [];
  const put = async () => {
    const { version, connections } = await store.head();
    await store.apply(planImport(some, { base: version, connections, at, actor: 'benchmark' }));
    some = [];
  };
  for (const contact of contacts) {
    some.push(contact);
    if (some.length === atOnce) await put();
  }
  if (some.length > 0) await put();
  await store.purge('2026-01-01T00:00:00.001Z');
}

/** Reads every contact by its id, as only the store knows how they are kept. */
export async function storeDigest(store: ContactStore): Promise<string> {
  const digest = bookDigest();
  const { newId } = await store.head();
  const end = Number(newId());
  for (let first = 1; first < end; first += atOnce) {
    const ids = Array.from({ length: Math.min(atOnce, end - first) }, (_, index) => String(first + index));
    for (const { id, link, ...contact } of await store.find({ ids })) {
      digest.add({ ...contact, id: Number(id), source: link?.source ?? null, externalId: link?.externalId ?? null });
    }
  }
  return digest.end();
}
