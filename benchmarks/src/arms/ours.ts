import type { ContactSource, ContactStore } from '@contact-sync/core';
import { sync } from '@contact-sync/runner';
import type { Arm, Done, Format } from '../arm.ts';
import { storeDigest } from '../books/store.ts';
import { sourceOf } from '../data/sources.ts';

const includes =
  'Open the store, read the records, decode, make canonical, validate and hash them, decide, check the guards, and commit ' +
  'contacts and the history of all that changed, through sync().';

/** Loaded with what they need when they are asked for. */
const stores = {
  async sqlite(file: string): Promise<ContactStore> {
    const { sqliteStore } = await import('@contact-sync/storage-sqlite');
    return sqliteStore({ file });
  },
  async postgres(url: string): Promise<ContactStore> {
    const { postgresStore } = await import('@contact-sync/storage-postgres');
    return postgresStore({ url });
  },
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
      const store = await open(task.book);
      const done = await syncOnce(store, await sourceOf(format, format === 'xml' ? task.xml : task.input));
      await store.close();
      return done;
    },
    digest: async ({ book }) => digestOf(await open(book)),
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

export const sqliteStoreDigest = async (file: string) => digestOf(await stores.sqlite(file));
export const postgresStoreDigest = async (url: string) => digestOf(await stores.postgres(url));

export const oursOnSqlite = ours('sqlite', 'lines');
export const oursOnPostgres = ours('postgres', 'lines');
export const oursFromRecords = ours('sqlite', 'records');
export const oursFromXml = ours('sqlite', 'xml');
export const oursFromXmlOnPostgres = ours('postgres', 'xml');
