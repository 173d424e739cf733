import { openSignIn } from '@contact-sync/connector-kit';
import type { SignIn } from '@contact-sync/core';

const minute = 60_000;

export const signIn: SignIn = {
  client: { id: 'ACME_CLIENT_ID', secret: 'ACME_CLIENT_SECRET', secretNeeded: true },
  setting: 'accessToken',
  open: ({ client }) => ({
    ...openSignIn({
      client,
      vendor: {
        name: 'acme',
        title: 'Acme',
        issuer: 'https://id.acme.example',
        authorizeUrl: 'https://id.acme.example/authorize',
        tokenUrl: 'https://id.acme.example/token',
        scope: 'offline_access people.read',
        graceMs: 30 * minute,
        unusedMs: null,
      },
    }),
    tenants: async () => [{ id: 't1', title: 'The only one', settings: { tenant: 't1' } }],
  }),
};
