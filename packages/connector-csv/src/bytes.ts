import { open as openFile } from 'node:fs/promises';
import { ContactSyncError, quotable } from '@contact-sync/core';
import { failure } from './errors.js';

/** What is needed of an open file; `FileHandle` of `node:fs/promises` has it. */
export type ReadableFile = {
  stat(options: {
    bigint: true;
  }): Promise<{ size: bigint; mtimeNs: bigint; isFile(): boolean; isDirectory(): boolean }>;
  read(into: Uint8Array<ArrayBuffer>): Promise<{ bytesRead: number; buffer: Uint8Array<ArrayBuffer> }>;
  close(): Promise<void>;
};
export type OpenFile = (file: string) => Promise<ReadableFile>;

/** Four times the list of the largest practice that is known, with everything that a practice notes. */
const maxBytes = 1024 ** 3;
const chunkSize = 64 * 1024;

/**
 * The bytes of a file as they are read.
 *
 * @throws ContactSyncError `setting_invalid` if there is no such file, `source_forbidden` if it may not be read,
 * `source_unavailable` if it cannot be, `source_incomplete` if it is changed meanwhile, `source_too_large`
 */
export async function* fileBytes(file: string, open: OpenFile | undefined, signal: AbortSignal) {
  const handle = await opened(file, open ?? openFile);
  try {
    const before = await handle.stat({ bigint: true });
    if (before.isDirectory())
      throw failure('setting_invalid', `file: ${quotable(file)} is a folder.`, 'Name a file in it.');
    if (before.size > maxBytes) throw tooLarge();
    let size = 0n;
    for (;;) {
      // Not one buffer for all: whoever reads may still hold the last piece.
      const { bytesRead, buffer } = await unlessAborted(handle.read(new Uint8Array(chunkSize)), signal);
      if (bytesRead === 0) break;
      size += BigInt(bytesRead);
      if (size > maxBytes) throw tooLarge();
      yield buffer.subarray(0, bytesRead);
    }
    // A pipe has neither size nor times.
    if (!before.isFile()) return;
    const after = await handle.stat({ bigint: true });
    if (size !== before.size || after.size !== before.size || after.mtimeNs !== before.mtimeNs) throw changed();
  } catch (error) {
    throw explained(error, signal);
  } finally {
    await handle.close();
  }
}

/** The same of standard input, which can be read once only. */
export async function* streamBytes(
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  if ('readableDidRead' in stream && stream.readableDidRead === true) {
    const hint = 'Standard input can be read once only. Give the file by its name.';
    throw failure('setting_invalid', 'file: standard input was read already.', hint);
  }
  const pieces = stream[Symbol.asyncIterator]();
  let size = 0;
  try {
    for (;;) {
      const piece = await unlessAborted(pieces.next(), signal);
      if (piece.done === true) return;
      const bytes = typeof piece.value === 'string' ? Buffer.from(piece.value) : piece.value;
      size += bytes.byteLength;
      if (size > maxBytes) throw tooLarge();
      yield bytes;
    }
  } catch (error) {
    throw explained(error, signal);
  }
}

async function opened(file: string, open: OpenFile): Promise<ReadableFile> {
  try {
    return await open(file);
  } catch (error) {
    throw explained(error, new AbortController().signal, file);
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let give = () => {};
  const aborted = new Promise<never>((_, reject) => {
    give = () => reject(signal.reason);
    signal.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', give);
  }
}

/** The system's own error as its cause would name the folders of a machine; its code says enough. */
function explained(error: unknown, signal: AbortSignal, file = 'it'): unknown {
  if (ContactSyncError.is(error) || signal.aborted) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return failure(
      'setting_invalid',
      `file: there is no file ${quotable(file)}.`,
      'A path is taken from the folder you are in.',
    );
  }
  if (code === 'EISDIR')
    return failure('setting_invalid', `file: ${quotable(file)} is a folder.`, 'Name a file in it.');
  if (code === 'EACCES' || code === 'EPERM') {
    return failure('source_forbidden', `The file may not be read (${code}).`, 'Let this user read it.');
  }
  return failure(
    'source_unavailable',
    `The file cannot be read now (${code}).`,
    'Nothing was written. Try again later.',
  );
}

function tooLarge(): ContactSyncError {
  return failure(
    'source_too_large',
    `The file is larger than ${maxBytes} bytes.`,
    'Nothing was written. Is it the right one?',
  );
}

function changed(): ContactSyncError {
  const hint = 'Nothing was written. Run it again when whatever writes the file is done.';
  return failure('source_incomplete', 'The file changed while it was read.', hint);
}
