import { ContactSyncError, type GrantState } from '@contact-sync/core';
import { z } from 'zod';

const time = z.iso.datetime();

/** What is kept of a grant. Its first version; a program never writes over a later one. */
const grantSchema = z.strictObject({
  version: z.literal(1),
  refreshToken: z.string().min(1),
  accessToken: z.string().min(1),
  /** When the access token ends; null if the vendor did not say. */
  endsAt: time.nullable(),
  /** When the person agreed. */
  grantedAt: time,
  /** When the access token was given. */
  renewedAt: time,
  /** When an exchange of the refresh token began of which nobody knows how it ended. */
  begunAt: time.nullable(),
});

export type Grant = Readonly<z.infer<typeof grantSchema>>;

/** What a token endpoint gave. */
export type Tokens = {
  readonly accessToken: string;
  /** Null where it gave no new one: then the old one goes on. */
  readonly refreshToken: string | null;
  /** Milliseconds from when it was asked for. */
  readonly lifeMs: number | null;
};

/**
 * What is kept as text; null where nothing is.
 *
 * @throws ContactSyncError `store_newer`, or `source_reconnect` for what is no grant
 */
export function grantOf(text: string | null, reconnect: (what: string) => ContactSyncError): Grant | null {
  if (text === null || text === '') return null;
  const kept = parsed(text);
  const result = grantSchema.safeParse(kept);
  if (result.success) return result.data;
  if (z.looseObject({ version: z.int().min(2) }).safeParse(kept).success) {
    throw new ContactSyncError('store_newer', 'What is kept of the sign-in was written by a newer version.', {
      hint: 'Update contact-sync. Nothing was changed.',
    });
  }
  // Not as its cause: that would quote it.
  throw reconnect('What is kept of the sign-in cannot be read.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function textOf(grant: Grant): string {
  return JSON.stringify(grant);
}

/** @param asked when the code was sent: what lasts so long lasts from then, at the worst */
export function firstGrant(tokens: Tokens & { refreshToken: string }, asked: Date): Grant {
  return {
    version: 1,
    refreshToken: tokens.refreshToken,
    accessToken: tokens.accessToken,
    endsAt: endOf(tokens, asked),
    grantedAt: asked.toISOString(),
    renewedAt: asked.toISOString(),
    begunAt: null,
  };
}

/** An answer without a refresh token means that the old one goes on (RFC 6749, 6): it is never overwritten by nothing. */
export function renewedGrant(grant: Grant, tokens: Tokens, asked: Date): Grant {
  return {
    ...grant,
    refreshToken: tokens.refreshToken ?? grant.refreshToken,
    accessToken: tokens.accessToken,
    endsAt: endOf(tokens, asked),
    renewedAt: asked.toISOString(),
    begunAt: null,
  };
}

const minute = 60_000;
/** More is no life of a token, and some of it would be no date. */
const longest = 10 * 365 * 24 * 60 * minute;

function endOf({ lifeMs }: Tokens, asked: Date): string | null {
  if (lifeMs === null) return null;
  return new Date(asked.getTime() + Math.min(lifeMs, longest)).toISOString();
}

/**
 * Whether a token has to be renewed: less than a tenth of its life is left, or less than five minutes, though not before
 * half of its life; or a renewal was begun and never finished, so the refresh token may soon be of no use any more. A
 * token whose end nobody knows is renewed when it is refused.
 */
export function isDue({ endsAt, renewedAt, begunAt }: Grant, now: Date): boolean {
  if (begunAt !== null) return true;
  if (endsAt === null) return false;
  const life = Date.parse(endsAt) - Date.parse(renewedAt);
  const left = Date.parse(endsAt) - now.getTime();
  return left <= Math.max(life / 10, Math.min(5 * minute, life / 2));
}

/** Whether a token can still be used for a request, though it is due. */
export function isAlive({ endsAt }: Grant, now: Date): boolean {
  return endsAt === null || Date.parse(endsAt) - now.getTime() > minute / 2;
}

export function stateOf({ grantedAt, renewedAt, endsAt, begunAt }: Grant, unusedMs: number | null): GrantState {
  return {
    grantedAt,
    renewedAt,
    tokenEndsAt: endsAt,
    endsAt: unusedMs === null ? null : new Date(Date.parse(renewedAt) + unusedMs).toISOString(),
    renewingSince: begunAt,
  };
}
