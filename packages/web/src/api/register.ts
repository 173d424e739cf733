import type { ContactSyncError } from '@contact-sync/core';
import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { checkOwnPage, type Gate } from '../security/gate.js';
import type { Session } from '../security/sessions.js';
import { jsonBody } from './body.js';
import type { Call, Endpoint } from './endpoint.js';
import { HttpError, needsAdministrator } from './errors.js';
import type { Role } from './schemas.js';

export type ApiContext = Pick<Call, 'books' | 'bookOf' | 'version'> & { readonly gate: Gate };

/** Puts an endpoint on the server: who may, then what was asked, then the answer. */
export function register(app: Hono, endpoint: Endpoint, { books, bookOf, gate, version }: ApiContext): void {
  const { method, path, role, query, body, status, handle } = endpoint;
  app.on(method.toUpperCase(), path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
    const session = admitted(c, gate, role);
    const answer = await handle(
      {
        books,
        bookOf,
        session,
        origin: gate.originOf(c),
        version,
        signal: c.req.raw.signal,
        leave: () => gate.leave(c),
      },
      c.req.param(),
      query === null ? undefined : parsed(query.strict(), c.req.query()),
      body === null ? undefined : parsed(body, await jsonBody(c.req.raw)),
    );
    if (answer instanceof Response) return answer;
    if (status === 204) return c.body(null, 204);
    return c.json(answer, status satisfies ContentfulStatusCode);
  });
}

/** @throws HttpError `not_signed_in`, `request_refused`, `not_allowed` */
function admitted(c: Context, gate: Gate, role: Role): Session {
  const session = gate.who(c);
  if (session === null) throw new HttpError(401, 'not_signed_in', 'Nobody is signed in.', 'Sign in first.');
  checkOwnPage(c, gate, session);
  if (role === 'administrator' && session.role !== 'administrator') {
    throw needsAdministrator();
  }
  return session;
}

/** What is wrong is said by name, and what was sent is not repeated. */
function parsed<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 5);
  const words = issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ');
  // A name that nobody knows may be as long as the body.
  throw unfit(words.slice(0, 500));
}

function unfit(problem: string): ContactSyncError {
  return new HttpError(422, 'usage', `The request does not fit: ${problem}.`, 'See /openapi.json for what it takes.');
}
