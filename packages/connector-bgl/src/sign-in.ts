import { openSignIn } from '@contact-sync/connector-kit';
import { readSettings, type SignIn } from '@contact-sync/core';
import { z } from 'zod';
import { bglApi } from './api.js';
import { settingsShape } from './settings.js';

/*
 * What this connector takes to be true of BGL's sign-in. Confirmed and inferred as in api.ts.
 *
 * - confirmed: /oauth/authorize and /oauth/token on the host of the API; parameters of the exchange in its query, the
 *   app's id and secret as Basic; `scope` with every request, and it must be registered to the app.
 * - confirmed in 2015: a refresh token is good until it is revoked in the BGL Integrations portal.
 * - inferred: it stays the same, or a refresh gives a new one and the old one ends then; so whatever comes is kept, and
 *   after a lost answer the old one is worth a try, however late. PKCE and `state` do no harm where nobody reads them.
 * - not published: which scope opens the contacts of CAS 360. So `scope` has no default.
 */
const facts = {
  name: 'bgl',
  title: 'BGL',
  scopeAlways: true,
  parameters: 'query',
  graceMs: 365 * 24 * 60 * 60_000,
  unusedMs: null,
} as const;

/** Of the settings only these matter here; the firm is the one that the sign-in opens. */
const { baseUrl, maxWaitMinutes, transport, now, wait, random } = settingsShape;
const settingsOfSignIn = {
  name: 'bgl',
  title: 'BGL CAS 360 and Simple Fund 360',
  settings: z.object({
    scope: settingsShape.scope.unwrap(),
    ...{ baseUrl, maxWaitMinutes, transport, now, wait, random },
  }),
  secrets: {},
};

export const signIn: SignIn = {
  client: { id: 'BGL_CLIENT_ID', secret: 'BGL_CLIENT_SECRET', secretNeeded: true },
  setting: 'accessToken',
  open({ client, settings }) {
    const { baseUrl, scope, maxWaitMinutes, ...time } = readSettings(settingsOfSignIn, settings);
    const vendor = {
      ...facts,
      scope,
      issuer: baseUrl,
      authorizeUrl: `${baseUrl}/oauth/authorize`,
      tokenUrl: `${baseUrl}/oauth/token`,
    };
    return {
      ...openSignIn({ ...time, vendor, client }),
      tenants: async (accessToken, { signal }) => {
        const { id, title } = await bglApi({ ...time, baseUrl, maxWaitMinutes, accessToken }).account(signal);
        return [{ id, title, settings: { firm: id } }];
      },
    };
  },
};
