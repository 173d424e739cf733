import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer, type TestServer } from '../../packages/storage-postgres/test/server.ts';
import { type Arm, type BookKind, isFile, type Task } from './arm.ts';
import { loadArm } from './arms/registry.ts';
import { keepChanges } from './books/changes.ts';
import { keepChanges as keepChangesOfPostgres, noteKeys } from './books/changes-postgres.ts';
import { makeBook } from './books/make.ts';
import { withClient } from './books/postgres.ts';
import { clientList, jsonLines, writePieces } from './data/files.ts';
import { type Mix, recordsOf } from './data/mix.ts';
import type { perform } from './perform.ts';

/** Makes what runs need, each thing once, below one folder: inputs, books and their copies, a PostgreSQL server. */
export function workshop(folder: string, run: typeof perform) {
  let server: Promise<TestServer> | null = null;
  const made = new Map<string, Promise<void>>();
  let runs = 0;

  function once(what: string, make: () => Promise<void>): Promise<void> {
    const making = made.get(what) ?? make();
    made.set(what, making);
    return making;
  }

  async function query(database: string, sql: string): Promise<void> {
    server ??= startServer();
    const url = (await server).url(database);
    await withClient(url, (client) => client.query(sql));
  }
  const urlOf = async (database: string) => {
    server ??= startServer();
    return (await server).url(database);
  };

  /** The name of a book, from which copies are made. */
  async function original(kind: BookKind, mix: Mix, size: number): Promise<string> {
    const name = nameOf(kind, `${kind}_${mix}_${size}`.replaceAll('-', '_'));
    const isPostgres = !isFile(kind);
    await once(name, async () => {
      if (isPostgres) await query('postgres', `CREATE DATABASE ${name}`);
      await makeBook(kind, isPostgres ? await urlOf(name) : join(folder, name), mix, size);
    });
    return name;
  }

  async function copy(kind: BookKind, from: string, to: string): Promise<string> {
    if (isFile(kind)) {
      await copyFile(join(folder, from), join(folder, to), constants.COPYFILE_FICLONE);
      return join(folder, to);
    }
    await query('postgres', `CREATE DATABASE ${to} TEMPLATE ${from} STRATEGY FILE_COPY`);
    return urlOf(to);
  }

  async function remove(kind: BookKind, name: string): Promise<void> {
    if (!isFile(kind)) return query('postgres', `DROP DATABASE ${name}`);
    for (const end of ['', '-wal', '-shm', '.wal']) await rm(join(folder, name + end), { force: true });
  }

  /** What a sync of ours changes in its book, from a sync that is made for that. */
  async function changesOf(kind: NonNullable<Arm['changes']>, mix: Mix, size: number): Promise<string> {
    const place = join(folder, `changes_${kind}_${mix}_${size}`);
    await once(place, async () => {
      const from = await original(kind, mix, size);
      const after = nameOf(kind, `after_${mix}_${size}`);
      const book = await copy(kind, from, after);
      const arm = await loadArm(isFile(kind) ? 'ours-sqlite' : 'ours-postgres');
      if (!isFile(kind)) await noteKeys(book);
      await run(arm, await taskOf(mix, size, { book }), { digest: false, profile: false });
      if (isFile(kind)) keepChanges(join(folder, from), book, place);
      else await keepChangesOfPostgres(book, place);
      await remove(kind, after);
    });
    return place;
  }

  async function taskOf(mix: Mix, size: number, more: Partial<Task>): Promise<Task> {
    const input = join(folder, `${mix}_${size}.jsonl`);
    const xml = join(folder, `${mix}_${size}.xml`);
    return { mix, size, input, xml, book: '', changes: '', folder, ...more };
  }

  return {
    /** Everything for one run of an arm, made anew; `done` takes it away. */
    async prepare(arm: Arm, mix: Mix, size: number): Promise<{ task: Task; done: () => Promise<void> }> {
      const own = join(folder, `run_${runs}`);
      const bookName = nameOf(arm.book, `copy_${runs}`);
      runs += 1;
      await mkdir(own, { recursive: true });
      const plain = await taskOf(mix, size, {});
      if (arm.inputs.some((format) => format !== 'xml'))
        await once(plain.input, () => writePieces(plain.input, jsonLines(recordsOf(mix, size))));
      if (arm.inputs.includes('xml'))
        await once(plain.xml, () => writePieces(plain.xml, clientList(recordsOf(mix, size))));
      const changes = arm.changes === undefined ? '' : await changesOf(arm.changes, mix, size);
      const book = arm.book === null ? '' : await copy(arm.book, await original(arm.book, mix, size), bookName);
      return {
        task: { ...plain, changes, book, folder: own },
        async done() {
          if (arm.book !== null) await remove(arm.book, bookName);
          await rm(own, { recursive: true, force: true });
        },
      };
    },

    /** Takes away what was made for sizes that are done with, so that the disk need not hold all of it. */
    async forget(): Promise<void> {
      if (server !== null) {
        const books = [...made.keys()].filter((name) => name.includes('postgres') && !name.includes('/'));
        for (const name of books) await query('postgres', `DROP DATABASE IF EXISTS ${name}`);
      }
      made.clear();
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    },

    async end(): Promise<void> {
      await (await server)?.close();
    },
  };
}

/** Of a file or a database. Some programs tell by the end of a name what a file is. */
function nameOf(kind: BookKind | null, name: string): string {
  if (kind === null || !isFile(kind)) return name;
  return `${name}.${kind === 'parquet' ? kind : 'db'}`;
}
