import { parseKey } from '../secrets/keys.js';
import { alertVariables } from './config.js';

export type Fault = { readonly path: readonly PropertyKey[]; readonly says: string };

const named = /pass(word|phrase|wd)?$|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|smtp/i;

/** Everything that should not be in a file, wherever it stands, and where it belongs instead. Values are never quoted. */
export function* secretsIn(value: unknown, path: readonly PropertyKey[] = []): Generator<Fault, void, void> {
  const name = String(path.at(-1) ?? '');
  const says = typeof value === 'string' ? reasonOf(value, path) : named.test(name) ? isSecret(path) : null;
  if (path.length > 0 && (says !== null || (typeof value === 'string' && named.test(name)))) {
    yield { path, says: says ?? isSecret(path) };
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, below] of Object.entries(value))
    yield* secretsIn(below, [...path, Array.isArray(value) ? Number(key) : key]);
}

function reasonOf(text: string, path: readonly PropertyKey[]): string | null {
  if (path[0] === 'key' && path.at(-1) !== 'file' && parseKey(text.trim()) !== null) return isSecret(path);
  if (hasPassword(text)) return `has a password in it: put it in the environment variable ${variableOf(path)}`;
  if (/^https:\/\/hooks\.slack\.com\//i.test(text) || holdsToken(text)) return isSecret(path);
  return null;
}

function isSecret(path: readonly PropertyKey[]): string {
  return `is a secret, and a file is no place for one: put it in the environment variable ${variableOf(path)}`;
}

function hasPassword(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { password, searchParams } = new URL(text);
  return password !== '' || searchParams.has('password');
}

/** Long, without blanks, and of digits and letters of both kinds: no word, no path of a file and no name is like that. */
function holdsToken(text: string): boolean {
  return (
    text
      .split(/[^A-Za-z0-9_+=-]+/)
      .some((part) => part.length >= 24 && /\d/.test(part) && /[a-z]/.test(part) && /[A-Z]/.test(part)) ||
    /(^|[^a-z0-9])[0-9a-f]{32,}($|[^a-z0-9])/i.test(text)
  );
}

function variableOf(path: readonly PropertyKey[]): string {
  const [first, second] = path.map(String);
  if (first === 'store') return 'PGPASSWORD';
  if (first === 'key') return 'CONTACT_SYNC_KEY';
  if (first === 'alerts' && second === 'webhook') return alertVariables.webhook;
  if (first === 'alerts' && second === 'slack') return alertVariables.slack;
  if (first === 'alerts') return alertVariables.smtp;
  return 'that its connector names, and run: contact-sync connect';
}
