import { ContactSyncError, type Vault } from '@contact-sync/core';
import { storedSources } from './stored.js';

/** A stored connection is named like its source, or like the beginning of it: `xpm:8c0e`. A connector has no colon. */
export function namesStored(name: string): boolean {
  return /^[a-z][a-z0-9-]*:/.test(name);
}

/** @throws ContactSyncError `not_found` where none, or more than one, is meant */
export async function findStored(vault: Vault, book: string, name: string): Promise<string> {
  const sources = await storedSources(vault, book);
  if (sources.includes(name)) return name;
  const fitting = sources.filter((source) => source.startsWith(name));
  const [source, another] = fitting;
  if (source !== undefined && another === undefined) return source;
  const connector = name.slice(0, Math.max(0, name.indexOf(':'))) || name;
  throw source === undefined
    ? new ContactSyncError('not_found', `There is no stored connection "${name}".`, {
        hint: `See them with: contact-sync connections. Make one with: contact-sync connect ${connector}`,
      })
    : new ContactSyncError('not_found', `"${name}" is the beginning of several connections: ${fitting.join(', ')}.`, {
        hint: 'Write more of it.',
      });
}
