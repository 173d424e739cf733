import { ContactSyncError } from '@contact-sync/core';
import type { z } from 'zod';
import type { Config } from './config.js';
import { type Fault, secretsIn } from './looks-secret.js';
import { configSchema } from './schema.js';

/**
 * @param file as it is shown
 * @throws ContactSyncError `setting_invalid`, with every mistake and its path, and no value
 */
export function parseConfig(given: unknown, file: string): Config {
  const secrets = [...secretsIn(given)];
  const result = configSchema.safeParse(given);
  // What is a secret is told once, and not also as what it is not.
  const others = (result.error?.issues ?? [])
    .flatMap(faultsOf)
    .filter(({ path }) => !secrets.some((secret) => secret.path.every((key, index) => path[index] === key)));
  const faults = [...secrets, ...others];
  if (result.success && faults.length === 0) return result.data;
  const lines = faults.map(({ path, says }) => `\n  ${path.length === 0 ? '' : `${pathText(path)}: `}${says}`);
  throw new ContactSyncError('setting_invalid', `The configuration in ${file} cannot be used:${lines.join('')}`, {
    hint: 'docs/operations.md has every setting. Secrets come from the environment, or are stored by: contact-sync connect',
  });
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, says: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key.slice(0, 64)], says: 'there is no such setting' }));
}

/** `alerts.email.to[1]` */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
