import { isUtf8 } from 'node:buffer';
import { isIP } from 'node:net';
import type { WebOptions } from '@contact-sync/runner';
import type { HttpBindings } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { HttpError } from '../api/errors.js';
import { proxyIdentity } from './proxy.js';
import { linkSessions, type Session, same } from './sessions.js';

export const csrfHeader = 'x-csrf-token';

/** Knows who somebody is, and whether a request came from our own page. */
export type Gate = {
  /** Whether the address they typed is one of ours: another's name that leads here may be an attack by DNS. */
  readonly isOurs: (c: Context) => boolean;
  /** The address they see the page at, without a slash at the end. */
  readonly originOf: (c: Context) => string;
  readonly who: (c: Context) => Session | null;
  /** Null: the link was used, is over or made up; or there are no links here. */
  readonly useLink: (c: Context, token: string) => Promise<Session['role'] | null>;
  readonly leave: (c: Context) => void;
  readonly close: () => void;
};

export function gateOf(access: WebOptions['access'], now: () => number): Gate {
  return access.by === 'link' ? linkGate(access.useLink, now) : proxyGate(access.proxy);
}

/** Only for this machine: by plain HTTP, at one of the names that every machine has for itself. */
function linkGate(take: Extract<WebOptions['access'], { by: 'link' }>['useLink'], now: () => number): Gate {
  const sessions = linkSessions(now);
  // Cookies do not tell ports apart, and two services may run on one machine.
  const cookieOf = (c: Context) => `contact-sync-${hostOf(c)?.port || '80'}`;
  return {
    isOurs: (c) => isLoopbackName(hostOf(c)?.hostname),
    originOf: (c) => `http://${hostOf(c)?.host}`,
    who: (c) => sessions.find(getCookie(c, cookieOf(c))),
    async useLink(c, token) {
      const holder = await take(token);
      if (holder === null) return null;
      // Who comes in anew is somebody else from here on.
      const before = getCookie(c, cookieOf(c));
      if (before !== undefined) sessions.end(before);
      const { token: cookie, maxAgeSeconds: maxAge } = sessions.begin(holder);
      setCookie(c, cookieOf(c), cookie, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge });
      return holder.role;
    },
    leave(c) {
      const cookie = deleteCookie(c, cookieOf(c), { path: '/' });
      if (cookie !== undefined) sessions.end(cookie);
    },
    close: () => sessions.endAll(),
  };
}

function proxyGate(settings: Extract<WebOptions['access'], { by: 'proxy' }>['proxy']): Gate {
  const identify = proxyIdentity(settings);
  const { origin, host } = new URL(settings.url);
  return {
    // A proxy may ask with its own name or with the address of the service, which no page of somebody else can have.
    isOurs: (c) => {
      const asked = hostOf(c);
      return asked !== null && (asked.host === host || isLoopbackName(asked.hostname) || isAddress(asked.hostname));
    },
    originOf: () => origin,
    who: (c) => identify({ header: (name) => sentOnce(c, name), address: getConnInfo(c).remote.address }),
    useLink: async () => null,
    leave: () => undefined,
    close: () => undefined,
  };
}

/**
 * A header that came once: where a proxy adds its own to what a browser sent, nobody knows which is whose. Node gives the
 * bytes one by one; they are UTF-8 where they fit it.
 */
function sentOnce(c: Context, name: string): string | undefined {
  const { incoming }: HttpBindings = c.env;
  const [text, ...more] = incoming.headersDistinct[name.toLowerCase()] ?? [];
  if (text === undefined || more.length > 0) return undefined;
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
}

/**
 * Refuses what a page of somebody else made a browser ask for. What changes something needs the session's own token too.
 *
 * @throws HttpError `request_refused`
 */
export function checkOwnPage(c: Context, gate: Gate, session: Session): void {
  const site = c.req.header('sec-fetch-site');
  // `none`: a person typed it.
  const own = site === undefined || site === 'same-origin' || site === 'none';
  const changes = c.req.method !== 'GET' && c.req.method !== 'HEAD';
  const origin = c.req.header('origin');
  const fits = !changes || ((origin === undefined || origin === gate.originOf(c)) && site !== 'none');
  if (!own || !fits) {
    throw new HttpError(403, 'request_refused', 'The request came from another page.', 'Use the page of contact-sync.');
  }
  if (changes && !same(c.req.header(csrfHeader) ?? '', session.csrfToken)) {
    throw new HttpError(
      403,
      'request_refused',
      'The page is older than the sign-in, so nothing was done.',
      'Load the page again, and then do it again.',
    );
  }
}

function hostOf(c: Context): URL | null {
  const host = c.req.header('host') ?? '';
  if (!/^[a-z0-9.:[\]-]+$/i.test(host)) return null;
  return URL.parse(`http://${host}`);
}

function isLoopbackName(name: string | undefined): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name ?? '');
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
