import type { Context, Hono } from 'hono';
import { needsAdministrator, shownError } from './api/errors.js';
import type { AppOptions } from './app.js';
import { type PlainPage, plainPage } from './files/plain-page.js';

/** The ways in from outside: a one-time link, and the way back from a vendor's sign-in. */
export function doors(app: Hono, { host, gate, access }: AppOptions): void {
  app.get('/open', async (c) => {
    if (access.by === 'proxy') return plain(c, 403, wayIn(access));
    // Whoever only looks, a preview of a chat for one, uses no link up; nor does a browser that reads ahead.
    if (c.req.raw.method === 'HEAD') return c.body(null, 405);
    if (/prefetch/i.test(c.req.header('sec-purpose') ?? c.req.header('purpose') ?? '')) return c.body(null, 503);
    let role: Awaited<ReturnType<typeof gate.useLink>>;
    try {
      role = await gate.useLink(c, c.req.query('token') ?? '');
    } catch (error) {
      const { status, body } = shownError(error);
      return plain(c, status, {
        title: 'The link could not be looked up',
        lines: [body.error.message, body.error.hint],
      });
    }
    if (role === null) {
      const lines = [
        'A link lets one person in, once, and for 15 minutes. To get a new one, type where contact-sync runs:',
      ];
      return plain(c, 410, { title: 'This link is used or over', lines, command: access.command });
    }
    return onwards(c, '/');
  });
  if (host === null) return;

  app.get('/oauth/callback', (c) => {
    const { pathname, search } = new URL(c.req.url);
    const session = gate.who(c);
    // The browser of who began it has to bring the answer: else anybody could have somebody else allow access for them.
    if (session === null) return signedOut(c, access, pathname + search);
    try {
      if (session.role !== 'administrator') throw needsAdministrator();
      const { book, id } = host.finishSignIn(gate.originOf(c) + pathname + search, session.user);
      const below = host.books.length > 1 ? `/b/${encodeURIComponent(book)}` : '';
      return onwards(c, `${below}/connections/sign-in/${encodeURIComponent(id)}`);
    } catch (error) {
      const { status, body } = shownError(error);
      return plain(c, status, {
        title: 'The sign-in could not be finished',
        lines: [body.error.message, body.error.hint],
      });
    }
  });
}

/**
 * Goes on to a page of ours. A cookie that is `SameSite=Strict` is not sent along where somebody else's page led here, by a
 * redirect no more than by a link; it is where a page of ours goes on.
 */
function onwards(c: Context, path: string): Response | Promise<Response> {
  if (c.req.header('sec-fetch-site') === 'none') return c.redirect(path, 303);
  return plain(c, 200, { title: 'One moment', lines: [], next: path });
}

/** For somebody whom nobody knows. `path`: where they wanted to go. */
export function signedOut(
  c: Context,
  access: AppOptions['access'],
  path = new URL(c.req.url).pathname,
): Response | Promise<Response> {
  const site = c.req.header('sec-fetch-site');
  // They came from another page, which keeps the cookie back: they may be signed in all the same.
  const again = access.by === 'link' && (site === 'cross-site' || site === 'same-site');
  // What begins with two slashes is another's address.
  if (again) return onwards(c, path.replace(/^\/{2,}/, '/'));
  return plain(c, 401, wayIn(access));
}

function wayIn(access: AppOptions['access']): PlainPage {
  if (access.by === 'proxy')
    return { title: 'Sign in first', lines: ['Open this page at the address that your firm gave you.'] };
  const lines = ['The way in is a link that works once. To get one, type where contact-sync runs:'];
  return { title: 'Nobody is signed in here', lines, command: access.command };
}

function plain(c: Context, status: 200 | ReturnType<typeof shownError>['status'] | 410, page: PlainPage) {
  return c.html(plainPage(page), status);
}
