import { randomUUID } from 'node:crypto';

/** How a vendor's tokens live. */
export type TokenRules = {
  /** Seconds an access token lasts. */
  readonly lifeSeconds: number;
  /** Milliseconds in which a used refresh token may be used again; 0: never, and who tries ends the grant. */
  readonly graceMs: number;
  /** Milliseconds without use after which a grant ends; null: it does not. */
  readonly unusedMs: number | null;
  /** False where the same refresh token stays good, and is not repeated in the answer. */
  readonly rotates: boolean;
};

export type Pair = { readonly accessToken: string; readonly refreshToken: string };

type Access = { readonly grant: Grant; readonly endsAt: Date; revoked: boolean };
/** `from`: the token it was given for; null at first. */
type Refresh = { readonly grant: Grant; readonly from: string | null; readonly since: Date; usedAt: Date | null };
/** `current`: the refresh token that was given last. Any other that was never used is worthless. */
type Grant = { current: string; ended: boolean };

/** What a token server remembers: every token it ever gave, and what has become of it. */
export function keepGrants(rules: TokenRules, now: () => Date, secret: string) {
  const accesses = new Map<string, Access>();
  const refreshes = new Map<string, Refresh>();

  function accessOf(grant: Grant): string {
    const accessToken = `${secret}-access-${randomUUID()}`;
    const endsAt = new Date(now().getTime() + rules.lifeSeconds * 1000);
    accesses.set(accessToken, { grant, endsAt, revoked: false });
    return accessToken;
  }

  function give(grant: Grant, from: string | null): Pair {
    grant.current = `${secret}-refresh-${randomUUID()}`;
    refreshes.set(grant.current, { grant, from, since: now(), usedAt: null });
    return { accessToken: accessOf(grant), refreshToken: grant.current };
  }

  /** The last token of its grant; or the one before it, whose answer was lost perhaps, for as long as the grace. */
  function isGood(token: string, { grant, since, usedAt }: Refresh): boolean {
    const ago = (time: Date) => now().getTime() - time.getTime();
    if (grant.current === token) return rules.unusedMs === null || ago(usedAt ?? since) <= rules.unusedMs;
    return refreshes.get(grant.current)?.from === token && usedAt !== null && ago(usedAt) <= rules.graceMs;
  }

  return {
    /** A new grant, as after a person agreed. */
    begin: (): Pair => give({ current: '', ended: false }, null),

    /** New tokens for a refresh token; null where it is not good. */
    renew(token: string): { readonly accessToken: string; readonly refreshToken: string | null } | null {
      const refresh = refreshes.get(token);
      if (refresh === undefined || refresh.grant.ended) return null;
      if (rules.graceMs === 0 && refresh.grant.current !== token) {
        // A token that comes back was stolen, or two are using one grant: it ends (RFC 9700, 4.14.2).
        refresh.grant.ended = true;
      }
      if (refresh.grant.ended || !isGood(token, refresh)) return null;
      if (rules.rotates) {
        refresh.usedAt ??= now();
        return give(refresh.grant, token);
      }
      refresh.usedAt = now();
      return { accessToken: accessOf(refresh.grant), refreshToken: null };
    },

    /** What the API makes of an access token. */
    look(token: string): { readonly is: 'good' | 'unknown' } | { readonly is: 'expired'; readonly at: Date } {
      const access = accesses.get(token);
      if (access === undefined || access.revoked) return { is: 'unknown' };
      return now() >= access.endsAt ? { is: 'expired', at: access.endsAt } : { is: 'good' };
    },

    /** An access token that is refused from now on, before its time. */
    revoke(accessToken: string): void {
      const access = accesses.get(accessToken);
      if (access !== undefined) access.revoked = true;
    },

    /** Ends every grant, as a person does who disconnects the app at the vendor's. */
    endAll(): void {
      for (const { grant } of refreshes.values()) grant.ended = true;
    },
  };
}
