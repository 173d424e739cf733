import { ContactSyncError } from '@contact-sync/core';

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Checks the addresses a client may call, and how each may be spelled in a URL. */
export function allowOrigins(origins: readonly string[]): ReadonlySet<string> {
  const allowed = new Set<string>();
  for (const origin of origins) {
    const url = URL.parse(origin);
    if (url === null || url.origin !== origin) {
      throw invalid(origin, 'is not scheme, host and port and nothing else');
    }
    // A token on plain http can be read on the way; a mock on this machine has no way.
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.has(url.hostname))) {
      throw invalid(origin, 'must be https');
    }
    allowed.add(origin);
  }
  return allowed;
}

/**
 * The URL, if it may be called. Servers hand out links, so this guards the token: a text must spell an allowed origin
 * letter for letter (only case and the default port may differ) before any parser has a chance to read it otherwise.
 *
 * @throws ContactSyncError `source_origin`
 */
export function allowedUrl(address: string | URL, allowed: ReadonlySet<string>): URL {
  const text = typeof address === 'string' ? address : address.href;
  const url = URL.parse(text);
  if (url !== null && allowed.has(url.origin) && isSpelledOut(text)) return url;
  throw refused(url);
}

/**
 * Whether a web address begins with its origin letter for letter; only case and the default port may differ. Parsers mend
 * what people cannot see: blanks, control characters, backslashes, percent signs, letters that look alike.
 */
export function isSpelledOut(address: string): boolean {
  const url = URL.parse(address);
  const spelled = /^https?:\/\/[^/?#]*/i.exec(address)?.[0].toLowerCase();
  if (url === null || spelled === undefined) return false;
  const port = url.protocol === 'https:' ? ':443' : ':80';
  return spelled === url.origin || spelled === `${url.origin}${port}`;
}

function refused(url: URL | null): ContactSyncError {
  // Only web addresses are named: the text of a data: URL is content, not an address.
  const named = url !== null && url.origin !== 'null' ? `The address ${url.origin.slice(0, 100)}` : 'The address';
  return new ContactSyncError(
    'source_origin',
    `${named} is not one this connector may call, so nothing was sent there.`,
    {
      hint: 'If a setting holds the address, correct it. If the system itself sent it, tell the author of the connector.',
    },
  );
}

function invalid(origin: string, fault: string): ContactSyncError {
  // The host alone, since a text that is not just an origin may hold a password or a token.
  const host = URL.parse(origin)?.host ?? '';
  return new ContactSyncError(
    'setting_invalid',
    `The address of the system ${host === '' ? '' : `(${host}) `}${fault}.`,
    {
      hint: 'Write it like https://api.example.com.',
    },
  );
}
