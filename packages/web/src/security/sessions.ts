import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role } from '../api/schemas.js';

/** Somebody who came in, for as long as they are in. */
export type Session = {
  readonly user: string;
  readonly role: Role;
  readonly by: 'link' | 'proxy';
  /** Must come back with every request that changes something. */
  readonly csrfToken: string;
  /** Aborts when they leave. */
  readonly ended: AbortSignal;
  /** When their time is over, milliseconds since 1970; null: that is for somebody else to say. */
  readonly endsAt: number | null;
};

export type Sessions = {
  /** The token for the cookie; it is kept nowhere. */
  begin(who: Pick<Session, 'user' | 'role'>): { readonly token: string; readonly maxAgeSeconds: number };
  find(token: string | undefined): Session | null;
  end(token: string): void;
  endAll(): void;
};

const lifeMs = 12 * 3_600_000;

/** Whoever opens more than these without leaving drops the oldest. */
const most = 200;

/** The sessions of people who came in with a link. They are in memory only: a restart ends them all. */
export function linkSessions(now: () => number): Sessions {
  const byHash = new Map<string, { session: Session; end: AbortController; endsAt: number }>();

  function drop(hash: string): void {
    byHash.get(hash)?.end.abort();
    byHash.delete(hash);
  }

  return {
    begin({ user, role }) {
      for (const [hash, { endsAt }] of byHash) if (endsAt <= now()) drop(hash);
      while (byHash.size >= most) drop([...byHash.keys()][0] ?? '');
      const token = newToken();
      const end = new AbortController();
      const endsAt = now() + lifeMs;
      const session: Session = { user, role, by: 'link', csrfToken: newToken(), ended: end.signal, endsAt };
      byHash.set(hashOf(token), { session, end, endsAt });
      return { token, maxAgeSeconds: lifeMs / 1000 };
    },
    find(token) {
      if (token === undefined) return null;
      // By its hash: how long the look-up takes tells nothing of a token.
      const hash = hashOf(token);
      const found = byHash.get(hash);
      if (found === undefined) return null;
      if (found.endsAt > now()) return found.session;
      drop(hash);
      return null;
    },
    end: (token) => drop(hashOf(token)),
    endAll() {
      for (const hash of [...byHash.keys()]) drop(hash);
    },
  };
}

/** 256 random bits, as text that fits an address, a cookie and a header. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Whether two texts are the same, in a time that tells nothing of either. */
export function same(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
}
