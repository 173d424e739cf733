import type { GrantState } from '@contact-sync/core';
import { checkSame, type Stored } from '../connections/open-stored.js';
import { openedSignIn, sourceOf, tokensOf } from '../connections/source.js';
import { fits } from '../connections/tenants.js';
import type { SealedVault } from '../secrets/sealed-vault.js';
import type { Terminal } from '../terminal.js';
import { type Check, failed, failedBy, ok, warning } from './check.js';
import { checkRead } from './check-read.js';

const dayMs = 86_400_000;
/** A grant that ends when it is not used for 60 days has been unused for 45 then. */
const soonDays = 15;

/** Whether a stored connection can be read: its tokens, the way there, its tenant, the limits and the clock. */
export async function* checkConnection(
  terminal: Terminal,
  sealed: SealedVault,
  found: Stored,
): AsyncGenerator<Check, void, void> {
  const { source, stored, connector } = found;
  const { signal, now } = terminal;
  try {
    yield await checkTokens(found, sealed, now());
    const reading = sourceOf(connector, stored, sealed);
    checkSame(source, reading.source);
    yield* await checkRead(reading, now, signal);
    if (stored.signIn !== null) yield* await checkTenant(found, sealed, signal);
  } catch (error) {
    yield failedBy({ area: 'connection', source }, error);
  }
}

export async function checkTokens(
  { source, stored, connector }: Stored,
  sealed: SealedVault,
  now: Date,
): Promise<Check> {
  const about = { area: 'tokens', source } as const;
  const again = `Connect again: contact-sync connect ${stored.connector}`;
  if (stored.signIn === null) {
    const names = Object.keys(stored.secrets).join(', ') || 'no secret';
    return ok(about, `It is read with ${names}, stored ${ago(stored.at, now)}.`);
  }
  const grant = await openedSignIn(connector, stored).state({ vault: sealed, key: stored.signIn.grant });
  if (grant === null) return failed(about, 'The sign-in is gone.', again);
  const says = `Signed in ${ago(grant.grantedAt, now)}, last renewed ${ago(grant.renewedAt, now)}.`;
  const left = daysLeft(grant, now);
  if (left !== null && left <= 0) return failed(about, `${says} It has ended, since it was not used.`, again);
  if (grant.renewingSince !== null) {
    return warning(about, `${says} A renewal of ${grant.renewingSince} has not ended.`, `If reading fails: ${again}`);
  }
  if (left === null || left > soonDays) return ok(about, says);
  return warning(
    about,
    `${says} It ends in ${days(left)} unless it is used.`,
    `Use it: contact-sync plan --from ${source}`,
  );
}

function daysLeft({ endsAt }: GrantState, now: Date): number | null {
  return endsAt === null ? null : Math.ceil((Date.parse(endsAt) - now.getTime()) / dayMs);
}

function ago(at: string, now: Date): string {
  const n = Math.floor((now.getTime() - Date.parse(at)) / dayMs);
  return n < 1 ? 'today' : `${days(n)} ago`;
}

function days(n: number): string {
  return n === 1 ? 'one day' : `${n} days`;
}

/** Systems of one tenant have nothing to ask. */
async function checkTenant(
  { source, stored, connector }: Stored,
  sealed: SealedVault,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const about = { area: 'tenant', source } as const;
  const opened = openedSignIn(connector, stored);
  if (opened.tenants === undefined) return [];
  try {
    const tenants = await opened.tenants(tokensOf(connector, stored, sealed), { signal });
    if (tenants.some((tenant) => fits(tenant, stored.settings))) {
      return [ok(about, 'The sign-in still opens its tenant.')];
    }
    return [
      failed(
        about,
        `The sign-in opens ${tenants.length === 0 ? 'no tenant' : 'other tenants'}, and not this one any more.`,
        `Allow access to it again: contact-sync connect ${stored.connector}`,
      ),
    ];
  } catch (error) {
    return [failedBy(about, error)];
  }
}
