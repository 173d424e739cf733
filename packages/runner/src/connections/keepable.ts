import { resolve } from 'node:path';
import { ContactSyncError } from '@contact-sync/core';

type Settings = Readonly<Record<string, string>>;

/** Settings as they can be kept: a setting `file` is the same file then, from whatever folder it is read. */
export function keepable(settings: Settings, cwd: string): Settings {
  const { file } = settings;
  if (file === undefined) return settings;
  if (file === '-') {
    throw new ContactSyncError('setting_invalid', 'file: standard input cannot be stored.', {
      hint: 'Name a file, or give standard input to one command: contact-sync sync --from csv --set file=-',
    });
  }
  return { ...settings, file: resolve(cwd, file) };
}
