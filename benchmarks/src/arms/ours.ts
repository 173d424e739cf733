import type { ContactSource, ContactStore } from '@contact-sync/core';
import { sync } from '@contact-sync/runner';
import { postgresStore } from '@contact-sync/storage-postgres';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import type { Arm, Done, Format } from '../arm.ts';
import { storeDigest } from '../books/store.ts';
import { sourceOf } from '../data/sources.ts';

const includes =
  'Open the store, read the records, decode, make canonical, validate and hash them, decide, check the guards, and commit ' +
  'contacts and the history of all that changed, through sync().';

const stores = {
  sqlite: (file: string) => sqliteStore({ file }),
  postgres: (url: string) => postgresStore({ url }),
};

function ours(engine: 'sqlite' | 'postgres', format: Format): Arm {
  const open = stores[engine];
  return {
    name: `ours-${engine}${format === 'lines' ? '' : `-${format}`}`,
    title: `contact-sync, ${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}${formatTitles[format]}`,
    includes,
    book: `store-${engine}-${format}`,
    inputs: [format],
    start: async (task) => async () => {
      const store = open(task.book);
      const done = await syncOnce(store, sourceOf(format, format === 'xml' ? task.xml : task.input));
      await store.close();
      return done;
    },
    digest: ({ book }) => digestOf(open(book)),
  };
}

const formatTitles: Readonly<Record<Format, string>> = {
  lines: '',
  records: ', every line decoded',
  xml: ', from XML',
};

async function digestOf(store: ContactStore): Promise<string> {
  const digest = await storeDigest(store);
  await store.close();
  return digest;
}

async function syncOnce(store: ContactStore, from: ContactSource): Promise<Done> {
  const result = await sync({ source: from, store, actor: 'benchmark' });
  if (result.outcome !== 'applied') throw new Error(`The sync ended as ${result.outcome}.`);
  return { counts: result.run.counts.reasons };
}

export const sqliteStoreDigest = (file: string) => digestOf(stores.sqlite(file));
export const postgresStoreDigest = (url: string) => digestOf(stores.postgres(url));

export const oursOnSqlite = ours('sqlite', 'lines');
export const oursOnPostgres = ours('postgres', 'lines');
export const oursFromRecords = ours('sqlite', 'records');
export const oursFromXml = ours('sqlite', 'xml');
export const oursFromXmlOnPostgres = ours('postgres', 'xml');
