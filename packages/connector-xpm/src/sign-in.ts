import { type OAuthVendor, openSignIn } from '@contact-sync/connector-kit';
import { readSettings, type SignIn } from '@contact-sync/core';
import { z } from 'zod';
import { xpmSettings } from './settings.js';
import { tenantsOf } from './tenants.js';

/*
 * What this connector takes to be true of Xero's sign-in. Confirmed and inferred as in api.ts.
 *
 * - confirmed: the three addresses; PKCE with S256; Basic where the app has a secret, and none for a PKCE app.
 * - confirmed: a refresh gives a new refresh token; where its answer was lost, the old one is good for 30 minutes more.
 *   A refresh token that nobody uses for 60 days ends. A token set belongs to a person and an app, whatever it opens.
 * - confirmed: `offline_access` asks for a refresh token; scopes are never added by a refresh.
 * - inferred: one who says no is sent back with error=access_denied.
 */
const minute = 60_000;
const facts = {
  name: 'xpm',
  title: 'Xero',
  issuer: 'https://identity.xero.com',
  scope: 'offline_access practicemanager.client.read',
  graceMs: 30 * minute,
  unusedMs: 60 * 24 * 60 * minute,
};

/** A fake on this machine signs people in itself; Xero has hosts of its own for that, whatever `baseUrl` is. */
function placesOf(baseUrl: string): { vendor: OAuthVendor; connectionsUrl: string } {
  const { origin, hostname } = new URL(baseUrl);
  const here = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  const at = (host: string) => (here ? origin : `https://${host}.xero.com`);
  return {
    vendor: {
      ...facts,
      authorizeUrl: `${at('login')}/identity/connect/authorize`,
      tokenUrl: `${at('identity')}/connect/token`,
    },
    connectionsUrl: `${at('api')}/connections`,
  };
}

/** Of the settings only these matter here; the tenant is chosen later. */
const { baseUrl, transport, now, wait, random } = xpmSettings.shape;
const settingsOfSignIn = {
  name: 'xpm',
  title: 'Xero Practice Manager',
  settings: z.object({ baseUrl, transport, now, wait, random }),
  secrets: {},
};

export const signIn: SignIn = {
  client: { id: 'XPM_CLIENT_ID', secret: 'XPM_CLIENT_SECRET', secretNeeded: false },
  setting: 'accessToken',
  open({ client, settings }) {
    const { baseUrl, ...time } = readSettings(settingsOfSignIn, settings);
    const { vendor, connectionsUrl } = placesOf(baseUrl);
    return {
      ...openSignIn({ ...time, vendor, client }),
      tenants: (tokens, { signal }) => tenantsOf(connectionsUrl, { ...time, accessToken: tokens }, signal),
    };
  },
};
