import SwaggerParser from '@apidevtools/swagger-parser';
import { expect, test } from 'vitest';
import { eventHub } from '../events/hub.js';
import { endpoints, fleetEndpoints } from './endpoints.js';
import { documentOf } from './openapi.js';

const all = endpoints({ hub: eventHub(), clock: { now: () => 0, wait: async () => {} }, over: AbortSignal.abort() });
// As it is sent.
const document = () => JSON.parse(JSON.stringify(documentOf(all, '1.2.3')));

test('the document is one of OpenAPI 3.1', async () => {
  await expect(SwaggerParser.validate(document())).resolves.toMatchObject({ info: { version: '1.2.3' } });
});

test('that of a fleet is one too, and has what a fleet has and nothing of books', async () => {
  const none = async () => {
    throw new Error('Nobody asks for this here.');
  };
  const its = fleetEndpoints({ status: none, firms: none, count: none, top: none, order: none });
  const made = JSON.parse(JSON.stringify(documentOf(its, '1.2.3')));
  expect(Object.keys(made.paths).toSorted()).toEqual([
    '/api/v1/fleet',
    '/api/v1/fleet/firms',
    '/api/v1/fleet/firms/count',
    '/api/v1/fleet/pause',
    '/api/v1/fleet/resume',
    '/api/v1/fleet/retry',
    '/api/v1/fleet/top',
    '/api/v1/session',
    '/openapi.json',
  ]);
  await expect(SwaggerParser.validate(made)).resolves.toMatchObject({ info: { version: '1.2.3' } });
});

test('a document with a mistake is found out', async () => {
  const wrong = document();
  wrong.paths['/api/v1/session'].get.responses['200'].content['application/json'].schema = {
    $ref: '#/components/schemas/None',
  };
  await expect(SwaggerParser.validate(wrong)).rejects.toThrow();
});

test('it has every endpoint, with its role, its errors and the token that changes need', () => {
  const { paths, components } = document();
  const documented = Object.entries<Record<string, Record<string, unknown>>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, about]) => `${method} ${path} ${about['x-role']}`),
  );
  expect(documented.toSorted()).toEqual(all.map(({ method, path, role }) => `${method} ${path} ${role}`).toSorted());
  const apply = paths['/api/v1/books/{book}/previews/{id}/apply'].post;
  expect(apply.parameters.map(({ in: place, name }: { in: string; name: string }) => `${place} ${name}`)).toEqual([
    'path book',
    'path id',
    'header x-csrf-token',
  ]);
  expect(apply.responses['409'].content['application/json'].schema.$ref).toBe('#/components/schemas/Error');
  expect(Object.keys(components.schemas)).toEqual(
    expect.arrayContaining(['Contact', 'Run', 'Decision', 'Plan', 'Preview', 'Connection', 'Session', 'Event_run']),
  );
});
