import { ContactSyncError, type Read, readAll } from '@contact-sync/core';
import type { OpenFile } from '../src/bytes.js';
import { type CsvSettings, csv } from '../src/index.js';

/** A file of these bytes that does not change, and is read in pieces of `size`. */
export function fileOf(content: string | Uint8Array, size = Number.POSITIVE_INFINITY): OpenFile {
  const bytes = Buffer.from(content);
  return async () => {
    let at = 0;
    return {
      stat: async () => ({ size: BigInt(bytes.length), mtimeNs: 0n, isFile: () => true, isDirectory: () => false }),
      async read(into) {
        const bytesRead = bytes.copy(into, 0, at, Math.min(bytes.length, at + size));
        at += bytesRead;
        return { bytesRead, buffer: into };
      },
      close: async () => {},
    };
  };
}

export async function readText(content: string | Uint8Array, settings: Partial<CsvSettings> = {}): Promise<Read> {
  return await readAll(csv({ file: 'contacts.csv', open: fileOf(content), ...settings }));
}

/** The error of a read that must fail. */
export async function failureOf(read: Promise<unknown>): Promise<ContactSyncError> {
  const outcome = await read.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (outcome instanceof ContactSyncError) return outcome;
  throw outcome;
}
