import type { GrantPlace, Held } from '@contact-sync/core';
import type { Clock } from './clock.js';
import type { TokenEndpoint } from './endpoint.js';
import { cancelled, ended, notConnected, reconnect } from './errors.js';
import { type Grant, grantOf, isDue, renewedGrant, textOf } from './grant.js';
import { persist } from './persist.js';
import { patience } from './under-lock.js';
import type { OAuthVendor } from './vendor.js';

export type Keeping = { readonly vendor: OAuthVendor; readonly endpoint: TokenEndpoint; readonly clock: Clock };

/** What this process knows of a grant, and has of it that is kept nowhere else. */
export type Memory = {
  known: Grant | null;
  /** An answer that could not be saved, and the grant that it renews. Nobody may use it before it is saved. */
  unsaved: { readonly over: Grant; readonly grant: Grant } | null;
  /** The grant that the vendor called ended. It is not asked about again. */
  ended: Grant | null;
};

type Renewal = { readonly kind: 'grant'; readonly grant: Grant } | { readonly kind: 'ended'; readonly grant: Grant };

const neverAborts = new AbortController().signal;

/**
 * A grant whose access token is good, and is not the one that was refused: the one in the vault, or else one that is
 * renewed under the lock of its key. Whoever waits for the lock looks at what is kept, and takes what another got.
 */
export async function freshGrant(
  { vendor, endpoint, clock }: Keeping,
  { vault, key }: GrantPlace,
  memory: Memory,
  { refused, signal }: { readonly refused: string | null; readonly signal: AbortSignal },
): Promise<Grant> {
  const isGood = (grant: Grant) => grant.accessToken !== refused && !isDue(grant, clock.now());
  const read = (text: string | null): Grant => {
    const grant = grantOf(text, (what) => reconnect(vendor, what));
    if (grant === null) throw notConnected(vendor);
    return grant;
  };

  async function renew({ value, save, signal: lost }: Held): Promise<Renewal> {
    const kept = await withUnsaved(read(value), save);
    if (isGood(kept)) return { kind: 'grant', grant: kept };
    if (signal.aborted) throw cancelled(vendor);
    // If this process ends now, the next one knows that the old token may have been used, and does not let it grow old.
    const begun = { ...kept, begunAt: kept.begunAt ?? clock.now().toISOString() };
    if (kept.begunAt === null) await save(textOf(begun));
    const stop = AbortSignal.any([signal, lost]);
    const { answer, asked } = await persist(() => endpoint.refresh(kept.refreshToken), clock, stop);
    if (answer.kind === 'grant') return { kind: 'ended', grant: kept };
    if (answer.kind !== 'tokens') throw signal.aborted ? cancelled(vendor) : answer.error;
    const grant = renewedGrant(kept, answer.tokens, asked);
    memory.unsaved = { over: begun, grant };
    await save(textOf(grant));
    memory.unsaved = null;
    return { kind: 'grant', grant };
  }

  /** What is kept, or what was got for it and could not be saved; saves that first. */
  async function withUnsaved(kept: Grant, save: Held['save']): Promise<Grant> {
    const { unsaved } = memory;
    if (unsaved !== null && isSame(unsaved.over, kept)) {
      await save(textOf(unsaved.grant));
      memory.unsaved = null;
      return unsaved.grant;
    }
    // Another process was faster, or a person has connected it again: theirs counts.
    memory.unsaved = null;
    return kept;
  }

  const wait = patience(clock);
  let endings = 0;
  for (;;) {
    // What was got and not saved is lost with this process, so it is saved even when the work was cancelled.
    if (signal.aborted && memory.unsaved === null) throw cancelled(vendor);
    const seen = read(await vault.read(key));
    memory.known = seen;
    if (memory.unsaved === null && isGood(seen)) return seen;
    if (memory.ended !== null && isSame(memory.ended, seen)) throw ended(vendor, seen.begunAt, clock.now());
    try {
      const renewal = await vault.locked(key, renew);
      if (renewal.kind === 'grant') return renewal.grant;
      // Once more, if another process has a newer one; this one's lock may have been lost without its knowledge.
      const now = read(await vault.read(key));
      if (isSame(now, renewal.grant) || endings > 0) {
        memory.ended = now;
        throw ended(vendor, renewal.grant.begunAt, clock.now());
      }
      endings += 1;
    } catch (error) {
      await wait(error, memory.unsaved === null ? signal : neverAborts);
    }
  }
}

/** Whether nothing was renewed in between; a vendor may give the same refresh token again. */
function isSame(one: Grant, other: Grant): boolean {
  return one.refreshToken === other.refreshToken && one.renewedAt === other.renewedAt;
}
