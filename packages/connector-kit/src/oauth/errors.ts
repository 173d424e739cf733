import { ContactSyncError } from '@contact-sync/core';
import type { OAuthVendor } from './vendor.js';

/** `what` is a sentence: what is wrong with the connection. */
export function reconnect({ name }: Pick<OAuthVendor, 'name'>, what: string): ContactSyncError {
  return new ContactSyncError('source_reconnect', `${what} A person has to connect it again.`, {
    hint: `Run: contact-sync connect ${name}`,
  });
}

/** The vendor said that the refresh token is not good, and nobody has a newer one. */
export function ended(vendor: OAuthVendor, begunAt: string | null, now: Date): ContactSyncError {
  const late = begunAt !== null && now.getTime() - Date.parse(begunAt) > vendor.graceMs;
  const why = late ? ` A renewal that began at ${begunAt} was never finished.` : '';
  return reconnect(vendor, `${vendor.title} does not accept the connection any more.${why}`);
}

export function notConnected(vendor: OAuthVendor): ContactSyncError {
  return reconnect(vendor, `${vendor.title} is not connected.`);
}

export function cancelled({ title }: Pick<OAuthVendor, 'title'>): ContactSyncError {
  return new ContactSyncError('cancelled', `Signing in to ${title} was cancelled.`, {
    hint: 'Nothing was lost. Run it again when you like.',
  });
}

/** Faults that may be over in a moment, and say nothing against the grant. */
const passing = new Set<string>([
  ...['source_unreachable', 'source_unavailable', 'source_timeout', 'source_incomplete', 'source_unreadable'],
  ...['source_rate_limited', 'locked', 'lock_lost', 'store_busy', 'store_failed'],
]);

export function isPassing(error: unknown): error is ContactSyncError {
  return ContactSyncError.is(error) && passing.has(error.code);
}
