import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contact, type ContactQuery, nameEmailKey, planImport } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { sqliteStore } from './sqlite-store.js';

const folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
const how = { base: 0, at: '2026-03-01T00:00:00.000Z', actor: 'test' };

const types = ['manual', 'contact-sync', 'external'] as const;
/** Of each type, with and without a link, of two sources that use the same ids. */
const people = Array.from({ length: 90 }, (_, index): Contact => {
  const source = index % 2 === 0 ? 'xpm:a' : 'xpm:b';
  return {
    id: String(index + 1),
    name: `Ann ${index % 40}`,
    email: 'ann@example.com',
    phone: index % 5 === 0 ? null : '+61299990000',
    recordType: types[index % 3] ?? 'manual',
    forcedManual: index % 7 === 0 && index % 3 !== 2,
    link: index % 3 === 0 ? null : { source, externalId: `id ${index}` },
    missingSince: index % 3 === 1 && index % 11 === 0 ? how.at : null,
  };
});

test('whoever asks for most of a book gets what is found one by one', async () => {
  const file = join(folder, 'book.db');
  const store = sqliteStore({ file });
  await store.apply(planImport(people, how));
  const beside = sqliteStore({ file, book: 'beside' });
  await beside.apply(planImport(people.slice(0, 5), how));
  const query: Required<ContactQuery> = {
    ids: ['3', '4', 'none'],
    links: { source: 'xpm:a', externalIds: people.flatMap(({ link }) => link?.externalId ?? []).slice(10, 30) },
    nameEmailKeys: ['Ann 7', 'Ann 8', 'Nobody'].map((name) => nameEmailKey({ name, email: 'ann@example.com' })),
  };
  const some = await store.find(query);
  const most = await store.find({ ...query, ids: [...query.ids, ...Array.from({ length: 1000 }, (_, n) => `x${n}`)] });
  const inOrder = (contacts: Contact[]) => contacts.sort((a, b) => Number(a.id) - Number(b.id));
  // 3 and 4 by id; 8, 9, 48, 49, 88, 89 by name and email; of the twenty links, those of source a.
  const linked = people.filter(({ link }) => link !== null).slice(10, 30);
  const expected = new Set(['3', '4', '8', '9', '48', '49', '88', '89']);
  for (const { id, link } of linked) if (link?.source === 'xpm:a') expected.add(id);
  expect(new Set(some.map(({ id }) => id))).toEqual(expected);
  expect(inOrder(most)).toEqual(inOrder(some));
  for (const contact of most) expect(contact).toEqual(people[Number(contact.id) - 1]);
  await beside.close();
  await store.close();
  rmSync(folder, { recursive: true });
});
