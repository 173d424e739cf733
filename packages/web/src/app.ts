import type { WebOptions } from '@contact-sync/runner';
import type { Host } from '@contact-sync/runner/host';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { apiPath, type Endpoint } from './api/endpoint.js';
import { HttpError, shownError } from './api/errors.js';
import { register } from './api/register.js';
import { doors } from './doors.js';
import type { PageFiles } from './files/page-files.js';
import { plainStyleHash } from './files/plain-page.js';
import { servePage } from './files/serve-page.js';
import type { Gate } from './security/gate.js';

export type AppOptions = Pick<WebOptions, 'access' | 'log' | 'version'> & {
  /** Null: there are no books here. */
  readonly host: Host | null;
  readonly gate: Gate;
  readonly files: PageFiles;
  readonly endpoints: readonly Endpoint[];
};

/** Everything that is answered, but for `/healthz` and `/metrics`. */
export function webApp(options: AppOptions): Hono {
  const { host, gate, log, endpoints, version } = options;
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", plainStyleHash],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      // Whether there is TLS is known to the proxy.
      strictTransportSecurity: false,
    }),
  );
  app.use(async (c, next) => {
    if (gate.isOurs(c)) await next();
    else c.res = c.text('This is not an address of contact-sync.\n', 421);
    // Whoever wants it kept says so.
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
  });
  const books = host?.books.map(({ name }) => name) ?? [];
  const bookOf = (name: string) => {
    if (host !== null) return host.book(name);
    throw new HttpError(404, 'not_found', 'There are no books here.', 'See /openapi.json for what there is.');
  };
  for (const endpoint of endpoints) register(app, endpoint, { books, bookOf, gate, version });
  app.all(`${apiPath}/*`, (c) => {
    throw new HttpError(404, 'not_found', `There is no ${c.req.method} here.`, 'See /openapi.json for what there is.');
  });
  doors(app, options);
  servePage(app, options);
  app.onError((error, c) => {
    const { status, body } = shownError(error);
    // The pattern of the address, and not the address: that may name somebody.
    if (status === 500)
      log.error(
        { code: body.error.code, route: c.req.routePath, method: c.req.method, error: nameOf(error) },
        'a request failed',
      );
    return c.json(body, status);
  });
  return app;
}

/** What is behind an error nobody expected, without its words, which may hold somebody's data. */
function nameOf(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  const place = /\((?:file:\/\/)?([^()]*:\d+:\d+)\)/.exec(cause.stack ?? '')?.[1];
  return place === undefined ? cause.name : `${cause.name} at ${place}`;
}
