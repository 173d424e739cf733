import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contact, type ContactStore, planImport } from '@contact-sync/core';
import { sync } from '@contact-sync/runner';
import type { Format } from '../arm.ts';
import { clientList, jsonLines, writePieces } from '../data/files.ts';
import { bookOf, type Mix, recordsBefore } from '../data/mix.ts';
import { sourceOf } from '../data/sources.ts';
import { bookDigest } from '../digest.ts';

const atOnce = 50_000;
const at = '2026-01-01T00:00:00.000Z';

/**
 * Makes the book of a mix by the store's own means, and leaves no trace of how the contacts came there. A steady mix is
 * one that the source was synced into before, when it said what the book says.
 */
export async function fillStore(store: ContactStore, mix: Mix, size: number, format: Format): Promise<void> {
  let some: Contact[] = [];
  const put = async () => {
    const { version, connections } = await store.head();
    await store.apply(planImport(some, { base: version, connections, at, actor: 'benchmark' }));
    some = [];
  };
  for (const contact of bookOf(mix, size)) {
    some.push(contact);
    if (some.length === atOnce) await put();
  }
  if (some.length > 0) await put();
  await store.purge('2026-01-01T00:00:00.001Z');
  if (mix === 'steady') await syncBefore(store, size, format);
}

async function syncBefore(store: ContactStore, size: number, format: Format): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-sync-before-'));
  const file = join(folder, 'records');
  const records = recordsBefore('steady', size);
  await writePieces(file, format === 'xml' ? clientList(records) : jsonLines(records));
  const { outcome } = await sync({ source: await sourceOf(format, file), store, actor: 'benchmark' });
  if (outcome !== 'unchanged') throw new Error(`The sync before a steady one ended as ${outcome}.`);
  await rm(folder, { recursive: true });
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
