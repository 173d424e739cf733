import type { AccessTokens, GrantPlace } from '@contact-sync/core';
import { cancelled, isPassing } from './errors.js';
import { isAlive, isDue } from './grant.js';
import { freshGrant, type Keeping, type Memory } from './keeper.js';
import { oneAtATime } from './one-at-a-time.js';

/** For how long a renewal that failed in passing is left alone while the old token can still be used, in milliseconds. */
const quietMs = 30_000;

/** Tokens of one grant. What it knows is in its closure only: there is nothing to print or to serialise. */
export function accessTokensOf(keeping: Keeping, place: GrantPlace): AccessTokens {
  const { vendor, clock } = keeping;
  const memory: Memory = { known: null, unsaved: null, ended: null };
  const inTurn = oneAtATime();
  let quietUntil = Number.NEGATIVE_INFINITY;

  /** Without asking anybody. */
  function atHand(): string | null {
    const { known, unsaved } = memory;
    if (known === null) return null;
    if (unsaved === null && !isDue(known, clock.now())) return known.accessToken;
    return clock.now().getTime() < quietUntil && isAlive(known, clock.now()) ? known.accessToken : null;
  }

  async function fresh(refused: string | null, signal: AbortSignal): Promise<string> {
    const grant = await freshGrant(keeping, place, memory, { refused, signal });
    memory.known = grant;
    return grant.accessToken;
  }

  async function turn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await inTurn(signal, work);
    } catch (error) {
      throw signal.aborted && error === signal.reason ? cancelled(vendor) : error;
    }
  }

  return {
    get: async ({ signal }) => {
      if (signal.aborted) throw cancelled(vendor);
      return (
        atHand() ??
        (await turn(signal, async () => {
          const token = atHand();
          if (token !== null) return token;
          try {
            return await fresh(null, signal);
          } catch (error) {
            // It was renewed ahead of its end so that a server that is away for a minute stops nobody.
            const { known } = memory;
            if (known === null || !isPassing(error) || !isAlive(known, clock.now())) throw error;
            quietUntil = clock.now().getTime() + quietMs;
            return known.accessToken;
          }
        }))
      );
    },
    // Where another process or request has renewed it already, that is seen in the store, and nobody is asked.
    refused: (token, { signal }) => turn(signal, async () => (await fresh(token, signal)) !== token),
  };
}
