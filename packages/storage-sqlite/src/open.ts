import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { cleanIfDue } from './cleaning.js';
import { type DatabaseSync, sqlite } from './driver.js';
import { unusable } from './errors.js';
import { checkNotNewer, type Migration, migrate, schemaVersion } from './migrate.js';
import { applicationId, migrations as ourMigrations } from './schema.js';

export type OpenOptions = {
  /** An absolute path: SQLite gives other words, `:memory:` for one, a meaning of their own. */
  readonly file: string;
  readonly create: boolean;
  readonly readOnly: boolean;
  readonly busyTimeoutMs: number;
  readonly migrations?: readonly Migration[];
};

const nothing = 'Nothing was written.';

/** Opens a file that is ours, or makes it. A file that is not is left as it is, to the byte. */
export function open(options: OpenOptions): DatabaseSync {
  const { file, create, readOnly, busyTimeoutMs, migrations = ourMigrations } = options;
  const isNew = prepareFile(options);
  // Before SQLite opens it: SQLite tidies up after a crashed program, and would do so in a file of another one.
  if (!isNew) checkHeader(file, migrations.length);

  const db = new sqlite.DatabaseSync(file, { readOnly: readOnly && hasUnmergedWrites(file), timeout: busyTimeoutMs });
  try {
    // Checking foreign keys would look the book up for every row that is written, and only this package writes here.
    db.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    if (readOnly) {
      db.exec('PRAGMA query_only = ON');
      checkNotNewer(schemaVersion(db), migrations.length, file);
      if (schemaVersion(db) < migrations.length) {
        throw unusable(
          `${file} was written by an older version of contact-sync.`,
          `${nothing} A command that writes, a sync for example, brings it up to date.`,
        );
      }
    } else {
      if (schemaVersion(db) === 0 && !create) throw emptyFile(file);
      // Before the write-ahead log is turned on, so that the mark of whose file this is never is in the log alone.
      migrate(db, migrations, file);
      if (db.prepare('PRAGMA journal_mode').get()?.journal_mode !== 'wal') db.exec('PRAGMA journal_mode = WAL');
      if (schemaVersion(db) >= 2) cleanIfDue(db);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Makes an empty file where one is to be made, and finds out early what SQLite would only say when it writes. */
function prepareFile({ file, create, readOnly }: OpenOptions): boolean {
  const folder = dirname(file);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) {
    if (!create || readOnly) {
      throw unusable(
        `There is no file ${file}.`,
        'Check the path. A book is made by the first command that writes to it.',
      );
    }
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw unusable(`There is no folder ${folder}.`, 'Make the folder first, or name another file.');
    }
    checkWritable(folder);
    // People's data: for the user's own eyes.
    closeSync(openSync(file, 'a', 0o600));
    return true;
  }
  if (!found.isFile()) throw unusable(`${file} is not a file.`, 'Name a file.');
  if (!readOnly) {
    checkWritable(file);
    checkWritable(folder);
  }
  if (found.size > 0) return false;
  if (!create || readOnly) throw emptyFile(file);
  return true;
}

function checkWritable(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (cause) {
    throw unusable(
      `${path} may not be written to.`,
      `${nothing} Give yourself the right to write there (file and folder), or name another file.`,
      cause,
    );
  }
}

function emptyFile(file: string) {
  return unusable(`${file} is empty.`, 'Check the path. A book is made by the first command that writes to it.');
}

/** The header's layout: https://sqlite.org/fileformat.html#the_database_header */
function checkHeader(file: string, known: number): void {
  const header = Buffer.alloc(100);
  const fd = openSync(file, 'r');
  let length = 0;
  try {
    length = readSync(fd, header, 0, header.length, 0);
  } finally {
    closeSync(fd);
  }
  if (length < header.length || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw unusable(`${file} is not a database.`, `${nothing} Name another file.`);
  }
  if (header.readUInt32BE(68) !== applicationId) {
    throw unusable(`${file} is the database of another program.`, `${nothing} Name another file.`);
  }
  checkNotNewer(header.readUInt32BE(60), known, file);
}

/**
 * Whether committed writes wait beside the file, since a program writes now or one crashed. A connection that may write
 * would merge them into the file when it closes, and reading is to change no byte.
 */
function hasUnmergedWrites(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
