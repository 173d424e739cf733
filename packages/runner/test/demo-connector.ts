import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { httpClient, openSignIn, readJson } from '@contact-sync/connector-kit';
import { type AccessTokens, type Connector, sourceName } from '@contact-sync/core';
import { z } from 'zod';

/*
 * A made-up system of several firms, to sign in to with OAuth 2 or to read with two secrets. The runner loads it by its
 * name from the user's folder, as it loads any connector.
 */

const text = z.string().min(1);
const settings = z.strictObject({
  url: z.url(),
  firm: z.enum(['north', 'south', 'west'], 'must be north, south or west'),
  accessId: text.optional(),
  accessKey: text.optional(),
  accessToken: z.custom<AccessTokens>((value) => typeof value === 'object' && value !== null).optional(),
  archived: z.enum(['true', 'false'], 'must be true or false').default('false'),
});
type Settings = z.output<typeof settings>;

const person = z.object({ id: z.string(), name: z.string(), email: z.string(), archived: z.boolean() });

function clientOf({ url, accessId, accessKey, accessToken }: Omit<Settings, 'firm' | 'archived'>) {
  return httpClient({
    origins: [new URL(url).origin],
    userAgent: 'contact-sync (demo)',
    headers: () => (accessId === undefined ? {} : { 'access-id': accessId, 'access-key': accessKey ?? '' }),
    ...(accessToken === undefined ? {} : { accessToken }),
  });
}

const demo: Connector<Settings> = {
  name: 'demo',
  title: 'Demo Practice',
  settings,
  secrets: { accessId: 'DEMO_ACCESS_ID', accessKey: 'DEMO_ACCESS_KEY' },
  sourceOf: ({ firm }) => sourceName('demo', firm),
  create(given) {
    const http = clientOf(given);
    return {
      source: demo.sourceOf(given),
      async *read({ signal }) {
        for (let page = 1; ; page += 1) {
          const answer = await http.get(`${given.url}/firms/${given.firm}/people?page=${page}`, { signal });
          const people = await readJson(answer, z.array(person));
          if (people.length === 0) return { complete: true, tenant: given.firm };
          const read = people.filter(({ archived }) => !archived || given.archived === 'true');
          yield {
            records: read.map(({ id, name, email }) => ({ externalId: id, name, email, phone: null })),
            unreadable: [],
            skipped: { archived: people.length - read.length },
          };
        }
      },
    };
  },
  signIn: {
    client: { id: 'DEMO_CLIENT_ID', secret: 'DEMO_CLIENT_SECRET', secretNeeded: true },
    setting: 'accessToken',
    open({ client, settings: given }) {
      const url = String(given.url);
      const opened = openSignIn({
        client,
        vendor: {
          name: 'demo',
          title: 'Demo Practice',
          issuer: 'https://demo.example',
          authorizeUrl: `${url}/authorize`,
          tokenUrl: `${url}/token`,
          scope: 'people',
          graceMs: 0,
          unusedMs: null,
        },
      });
      return {
        ...opened,
        async tenants(accessToken, { signal }) {
          const answer = await clientOf({ url, accessToken }).get(`${url}/firms`, { signal });
          const firms = await readJson(answer, z.array(z.object({ id: z.string(), name: z.string() })));
          return firms.map(({ id, name }) => ({ id, title: name, settings: { firm: id } }));
        },
      };
    },
  },
};

const registered = Symbol.for('contact-sync demo connector');

/** Puts the connector where `npm install` would, in a user's folder. */
export async function installDemo(folder: string): Promise<void> {
  Object.assign(globalThis, { [registered]: demo });
  const place = join(folder, 'node_modules', '@contact-sync', 'connector-demo');
  await mkdir(place, { recursive: true });
  await writeFile(
    join(place, 'package.json'),
    '{ "name": "@contact-sync/connector-demo", "type": "module", "main": "index.js" }',
  );
  await writeFile(
    join(place, 'index.js'),
    `export const connector = globalThis[Symbol.for('${registered.description}')];`,
  );
}
