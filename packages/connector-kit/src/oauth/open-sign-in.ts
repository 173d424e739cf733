import type { GrantPlace, GrantState, OpenSignIn, SignInClient } from '@contact-sync/core';
import { allowOrigins } from '../http/origins.js';
import type { HttpSettings } from '../http/types.js';
import { accessTokensOf } from './access-tokens.js';
import { beginSignIn } from './authorize.js';
import { clockOf } from './clock.js';
import { tokenEndpoint } from './endpoint.js';
import { reconnect } from './errors.js';
import { grantOf, stateOf } from './grant.js';
import type { OAuthVendor } from './vendor.js';

export type OAuthSettings = Pick<HttpSettings, 'transport' | 'now' | 'wait' | 'random'> & {
  readonly vendor: OAuthVendor;
  readonly client: SignInClient;
};

/**
 * Signing in to a vendor with OAuth 2, and keeping the grant: what `connector.signIn.open` gives, without the tenants.
 *
 * @throws ContactSyncError `setting_invalid` if an address of the vendor is neither https nor on this machine
 */
export function openSignIn(settings: OAuthSettings): Omit<OpenSignIn, 'tenants'> {
  const { vendor, client, transport } = settings;
  const clock = clockOf(settings);
  allowOrigins([new URL(vendor.authorizeUrl).origin]);
  const endpoint = tokenEndpoint({ vendor, client, transport, now: clock.now });
  const keeping = { vendor, endpoint, clock };
  return {
    begin: ({ redirectUri }) => beginSignIn({ ...keeping, clientId: client.id }, redirectUri),
    accessTokens: (place) => accessTokensOf(keeping, place),
    async state({ vault, key }: GrantPlace): Promise<GrantState | null> {
      const grant = grantOf(await vault.read(key), (what) => reconnect(vendor, what));
      return grant === null ? null : stateOf(grant, vendor.unusedMs);
    },
  };
}
