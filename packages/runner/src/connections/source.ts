import {
  type AccessTokens,
  type Connector,
  type ContactSource,
  ContactSyncError,
  type OpenSignIn,
  readSettings,
  type Vault,
} from '@contact-sync/core';
import { revealed } from '../secrets/secret.js';
import { type StoredConnection, shownClient } from './stored.js';

type Part = Pick<StoredConnection, 'settings' | 'secrets' | 'signIn'>;

/** The source that a stored connection reads. Tokens are kept and renewed in `vault`, which opens secrets; without a sign-in there is none. */
export function sourceOf(connector: Connector, stored: Part, vault: Vault | null): ContactSource {
  const settings: Record<string, unknown> = { ...stored.settings, ...revealed(stored.secrets) };
  if (stored.signIn !== null) {
    const { signIn } = connector;
    if (signIn === undefined || vault === null) throw noSignIn(connector);
    settings[signIn.setting] = tokensOf(connector, stored, vault);
  }
  return connector.create(readSettings(connector, settings));
}

export function openedSignIn(connector: Connector, { settings, signIn }: Part): OpenSignIn {
  if (connector.signIn === undefined || signIn === null) throw noSignIn(connector);
  return connector.signIn.open({ client: shownClient(signIn.client), settings });
}

export function tokensOf(connector: Connector, part: Part, vault: Vault): AccessTokens {
  return openedSignIn(connector, part).accessTokens({ vault, key: part.signIn?.grant ?? '' });
}

/** Reads a little of the source, to see that it can be read: the first page, and no more. */
export async function probe(source: ContactSource, signal: AbortSignal): Promise<void> {
  const given = new AbortController();
  const pages = source.read({ signal: AbortSignal.any([signal, given.signal]) });
  try {
    await pages.next();
  } finally {
    // A generator that is asked to return waits where it stands; it cleans up what it has open.
    await pages.return({ complete: true, tenant: null });
    given.abort();
  }
}

function noSignIn({ title }: Connector): ContactSyncError {
  return new ContactSyncError('connector_broken', `The connector of ${title} cannot sign in.`, {
    hint: 'Install a version of it that fits this version of contact-sync, or connect again.',
  });
}
