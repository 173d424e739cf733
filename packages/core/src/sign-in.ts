import type { Vault } from './vault.js';

/** What requests are signed with: a token that somebody gave, which ends when it ends, or one that is kept fresh. */
export type AccessToken = string | AccessTokens;

/** Access tokens of one grant. Whoever makes requests asks for one before each of them, and keeps none. */
export interface AccessTokens {
  /**
   * A token that lasts a while yet; it is renewed first where it would not.
   *
   * @throws ContactSyncError `source_reconnect` if a person has to sign in again, a passing fault of the sign-in server
   *   (`source_unreachable`, `source_unavailable`, `source_timeout`, …), what the vault throws, or `cancelled`
   */
  get(options: { readonly signal: AbortSignal }): Promise<string>;
  /**
   * Says that the system refused this token with 401. True: ask again, there is another one now. False: another one
   * would be no better. Throws what `get` throws.
   */
  refused(token: string, options: { readonly signal: AbortSignal }): Promise<boolean>;
}

/** How an app is known to the vendor. `secret` is null for an app that has none and proves itself with PKCE alone. */
export type SignInClient = { readonly id: string; readonly secret: string | null };

/** How a person connects a system: what `connector.signIn` is, for systems that sign in with OAuth 2. */
export interface SignIn {
  /** The environment variables of the app's id and secret: `XPM_CLIENT_ID`, and whether it works without a secret. */
  readonly client: { readonly id: string; readonly secret: string; readonly secretNeeded: boolean };
  /** The setting of the connector that takes `AccessTokens`, in place of a token that somebody gave: `accessToken`. */
  readonly setting: string;
  /**
   * @param options `settings`: those of the connector, as far as they are known. Which tenant is read need not be: it
   *   is chosen later. Only what signing in needs is looked at, for instance the address of the system.
   * @throws ContactSyncError `setting_missing` or `setting_invalid`
   */
  open(options: { readonly client: SignInClient; readonly settings: Readonly<Record<string, unknown>> }): OpenSignIn;
}

/**
 * Where a grant is kept, as text that only the connector reads and that holds secrets: whoever gives the vault encrypts
 * what is saved in it. One grant may serve several sources, so the key is that of the grant: `sign-in:xpm`.
 * Nothing, or an empty text, is no grant.
 */
export type GrantPlace = { readonly vault: Vault; readonly key: string };

export interface OpenSignIn {
  /**
   * Begins a sign-in. Nothing is asked of the system: a person opens the address.
   *
   * @param options `redirectUri`: where the vendor sends the person afterwards, as registered with the vendor
   */
  begin(options: { readonly redirectUri: string }): Promise<BegunSignIn>;
  /** Tokens of the grant in this place, renewed there by one process at a time. Asks for nothing until `get`. */
  accessTokens(place: GrantPlace): AccessTokens;
  /** What is known of the grant in this place without asking the system; null if there is none. */
  state(place: GrantPlace): Promise<GrantState | null>;
  /** What of the system the grant opens, where a person has to choose. */
  tenants?(tokens: AccessTokens, options: { readonly signal: AbortSignal }): Promise<readonly Tenant[]>;
}

export interface BegunSignIn {
  /** The page on which the person agrees. */
  readonly url: string;
  /**
   * Ends the sign-in and keeps the grant in its place, over any older one.
   *
   * @param redirected the address the person was sent to in the end, whole; blanks around it do no harm
   * @throws ContactSyncError `setting_invalid` if it is not such an address, `source_forbidden` if the person did not
   *   agree, `source_unauthorized` if it belongs to another sign-in or came too late, and what `AccessTokens.get` throws
   */
  finish(redirected: string, options: GrantPlace & { readonly signal: AbortSignal }): Promise<void>;
}

/** Times are ISO 8601 in UTC. */
export type GrantState = {
  /** When the person agreed. */
  readonly grantedAt: string;
  /** When it was last renewed; at first the same. */
  readonly renewedAt: string;
  /** When the access token ends; null if the vendor did not say. It is renewed before. */
  readonly tokenEndsAt: string | null;
  /** When the grant ends if it is not used until then; null if the vendor names no such time. */
  readonly endsAt: string | null;
  /** Since when a renewal has been begun of which nobody knows how it ended; null if there is none. */
  readonly renewingSince: string | null;
};

/** A part of the system that is a source of its own: a practice, say. */
export type Tenant = {
  readonly id: string;
  /** Its name, where the system tells it. */
  readonly title: string | null;
  /** The settings with which the connector reads it: `{ tenantId: '8c0e…' }`. */
  readonly settings: Readonly<Record<string, string>>;
};
