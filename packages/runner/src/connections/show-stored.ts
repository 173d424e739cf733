import type { ConnectionKind, GrantState } from '@contact-sync/core';
import type { Stored } from './open-stored.js';
import { openedSignIn } from './source.js';
import type { Secrets } from './vaults.js';

/** What may be shown of a stored connection: of secrets only their names. */
export type StoredDetails = {
  readonly source: string;
  readonly connector: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly signIn: { readonly clientId: string; readonly grant: GrantState | null } | null;
  readonly policy: Readonly<Record<string, string>>;
  readonly kind: ConnectionKind | null;
  readonly schedule: string | null;
  readonly createdBy: string;
  readonly at: string;
};

export async function storedDetails(
  { sealed }: Secrets,
  { source, stored, connector }: Stored,
): Promise<StoredDetails> {
  const { signIn, secrets, ...rest } = stored;
  const grant = signIn && (await openedSignIn(connector, stored).state({ vault: sealed, key: signIn.grant }));
  return {
    source,
    ...rest,
    secrets: Object.keys(secrets),
    signIn: signIn && { clientId: signIn.client.id, grant },
  };
}
