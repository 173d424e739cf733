import type { ContactSource, ContactStore } from '@contact-sync/core';
import { sync } from '@contact-sync/runner';
import { postgresStore } from '@contact-sync/storage-postgres';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import type { Arm, Done, Task } from '../arm.ts';
import { storeDigest } from '../books/store.ts';
import { jsonLinesSource } from '../data/json-lines.ts';
import { source } from '../data/mix.ts';
import { xmlSource } from '../data/xml-source.ts';

const includes =
  'Open the store, read the records, decode, make canonical, validate and hash them, decide, check the guards, and commit ' +
  'contacts and the history of all that changed, through sync().';

const stores = {
  sqlite: (file: string) => sqliteStore({ file }),
  postgres: (url: string) => postgresStore({ url }),
};
const inputs = {
  json: ({ input }: Task) => jsonLinesSource(input, source),
  xml: ({ xml }: Task) => xmlSource(xml, source),
};

function ours(engine: 'sqlite' | 'postgres', format: 'json' | 'xml'): Arm {
  const open = stores[engine];
  return {
    name: `ours-${engine}${format === 'json' ? '' : `-${format}`}`,
    title: `contact-sync, ${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}${format === 'json' ? '' : ', from XML'}`,
    includes,
    book: `store-${engine}`,
    inputs: [format],
    start: async (task) => async () => {
      const store = open(task.book);
      const done = await syncOnce(store, inputs[format](task));
      await store.close();
      return done;
    },
    digest: ({ book }) => digestOf(open(book)),
  };
}

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

export const oursOnSqlite = ours('sqlite', 'json');
export const oursOnPostgres = ours('postgres', 'json');
export const oursFromXml = ours('sqlite', 'xml');
export const oursFromXmlOnPostgres = ours('postgres', 'xml');
