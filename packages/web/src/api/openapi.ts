import { OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import { csrfHeader } from '../security/gate.js';
import { type Endpoint, get } from './endpoint.js';
import { errorSchema, eventSchemas } from './schemas.js';

const statuses: Readonly<Record<string, string>> = {
  400: 'What was asked for cannot be done so',
  401: 'Nobody is signed in',
  403: 'This person may not, or the request did not come from the page',
  404: 'There is no such thing in this book',
  409: 'The book or the connection does not stand so any more: read it again',
  422: 'The request does not fit this document',
  500: 'A fault of contact-sync',
  502: 'The other system did not do its part',
  503: 'Busy; try again soon',
};

/** The document of the API, by https://spec.openapis.org/oas/v3.1.0. */
export function documentOf(endpoints: readonly Endpoint[], version: string): object {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'contact-sync-8484',
    description: 'From a one-time link; the number is the port. Behind a proxy, its headers take the place of it.',
  });
  for (const [name, schema] of Object.entries(eventSchemas)) {
    app.openAPIRegistry.register(`Event_${name}`, schema);
  }
  for (const endpoint of endpoints) app.openAPIRegistry.registerPath(routeOf(endpoint));
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'contact-sync',
      version,
      description: 'Contacts, syncs, their history and connections. Every change is signed by who is signed in.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/' }],
  });
}

export function documentEndpoint(others: readonly Endpoint[]): Endpoint {
  const self: Endpoint = get({
    path: '/openapi.json',
    role: 'viewer',
    summary: 'This document',
    answer: z.looseObject({ openapi: z.string() }),
    handle: ({ version }) => ({ openapi: '', ...documentOf([...others, self], version) }),
  });
  return self;
}

function routeOf({ method, path, role, summary, query, body, status, answer, media }: Endpoint): RouteConfig {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const changes = method !== 'get';
  const type = media?.split(';')[0] ?? 'application/json';
  const errors = Object.entries(statuses).map(([code, description]) => [
    code,
    { description, content: { 'application/json': { schema: errorSchema } } },
  ]);
  return {
    method,
    path,
    summary,
    tags: [path.split('/')[5] ?? 'service'],
    description: role === 'viewer' ? 'For viewers and administrators.' : 'For administrators.',
    'x-role': role,
    security: [{ session: [] }],
    request: {
      ...(names.length === 0 ? {} : { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }),
      ...(query === null ? {} : { query }),
      ...(changes ? { headers: z.object({ [csrfHeader]: z.string() }) } : {}),
      ...(body === null ? {} : { body: { required: true, content: { 'application/json': { schema: body } } } }),
    },
    responses: {
      [status]:
        status === 204
          ? { description: 'Done' }
          : { description: summary, content: { [type]: { schema: answer ?? z.string() } } },
      ...Object.fromEntries(errors),
    },
  };
}
