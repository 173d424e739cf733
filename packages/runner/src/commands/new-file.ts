import { type FileHandle, open } from 'node:fs/promises';
import { ContactSyncError } from '@contact-sync/core';

/**
 * Opens a file that is not there yet, for the user alone.
 *
 * @param taken what to do where it is there already
 * @throws ContactSyncError `setting_invalid`
 */
export async function newFile(file: string, taken: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const exists = code === 'EEXIST';
    throw new ContactSyncError(
      'setting_invalid',
      exists ? `${file} is there already.` : `${file} cannot be written (${code}).`,
      { hint: exists ? taken : 'Check the folder, and that you may write there.', cause },
    );
  }
}
