import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import type { Arm } from '../arm.ts';
import { rewriter } from '../books/changes.ts';
import { rewrite } from '../books/changes-postgres.ts';
import { linesOf } from '../data/json-lines.ts';
import { source } from '../data/mix.ts';
import { xmlSource } from '../data/xml-source.ts';
import { postgresStoreDigest, sqliteStoreDigest } from './ours.ts';

// What no way of doing the work can do without.

export const parseAndDrop: Arm = {
  name: 'parse-json',
  title: 'Limit: JSON.parse each line and drop it',
  includes:
    'Read the file as contact-sync’s connector here does, decode it, JSON.parse every line and drop what it gives.',
  book: null,
  inputs: ['lines'],
  start:
    async ({ input, size }) =>
    async () => {
      let records = 0;
      for await (const lines of linesOf(input))
        for (const line of lines) records += JSON.parse(line).externalId === '' ? 0 : 1;
      if (records !== size) throw new Error(`There were ${records} records.`);
      return { counts: null };
    },
  digest: null,
};

export const rewriteSqlite: Arm = {
  name: 'rewrite-sqlite',
  title: 'Limit: the same rows and indexes, no logic, SQLite',
  includes:
    'Write exactly the rows that contact-sync wrote, history included, from memory, with prepared statements, and commit them durably.',
  book: 'store-sqlite-lines',
  inputs: ['lines'],
  changes: 'store-sqlite-lines',
  async start({ changes, book }) {
    const write = rewriter(changes, book);
    return async () => {
      write();
      return { counts: null };
    };
  },
  digest: ({ book }) => sqliteStoreDigest(book),
};

export const rewritePostgres: Arm = {
  name: 'rewrite-postgres',
  title: 'Limit: the same rows and indexes, COPY and UPDATE, no logic, PostgreSQL',
  includes:
    'Write exactly the rows that contact-sync wrote, history included: COPY new rows from files, COPY changed ones to a temporary table and UPDATE from it, commit.',
  book: 'store-postgres-lines',
  inputs: ['lines'],
  changes: 'store-postgres-lines',
  start:
    async ({ changes, book }) =>
    async () => {
      await rewrite(book, changes);
      return { counts: null };
    },
  digest: ({ book }) => postgresStoreDigest(book),
};

export const saxesOnly: Arm = {
  name: 'parse-xml',
  title: 'Limit: saxes reads the list and does nothing',
  includes: 'Read the file in chunks of 64 KiB, decode it, and let saxes check it, without one listener.',
  book: null,
  inputs: ['xml'],
  start:
    async ({ xml }) =>
    async () => {
      const decoder = new TextDecoder('utf-8', { fatal: true });
      const parser = new SaxesParser({ defaultXMLVersion: '1.0', forceXMLVersion: true });
      for await (const chunk of createReadStream(xml, { highWaterMark: 64 * 1024 })) {
        parser.write(decoder.decode(chunk, { stream: true }));
      }
      parser.close();
      return { counts: null };
    },
  digest: null,
};

export const readXpm: Arm = {
  name: 'read-xpm',
  title: 'Reading a list of Practice Manager with its connector',
  includes: 'The connector’s read() to its end: HTTP client, checks, limits and mapping; the answer comes from a file.',
  book: null,
  inputs: ['xml'],
  start:
    async ({ xml, size }) =>
    async () => {
      let records = 0;
      for await (const page of xmlSource(xml, source).read({ signal: new AbortController().signal })) {
        records += page.records.length;
      }
      if (records !== size) throw new Error(`There were ${records} records.`);
      return { counts: null };
    },
  digest: null,
};
