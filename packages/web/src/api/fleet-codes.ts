import { errorCodes, type GuardCode } from '@contact-sync/core';

type About = { readonly sentence: string; readonly hint: string };

/** What to do about what keeps many firms from being synced, for who looks after all of them. */
const hints: Readonly<Record<string, string>> = {
  source_reconnect: 'Somebody of the firm has to connect it again. It is synced at once when they have.',
  source_unauthorized: 'Somebody of the firm has to connect it again. It is synced at once when they have.',
  source_forbidden: 'Whoever looks after the system at the firm has to allow access again; then retry.',
  source_rate_limited: 'Nothing: each goes on when its limit allows.',
  source_unreachable: 'It is tried again by itself. Where many fail, see whether the system or the network is down.',
  source_unavailable: 'It is tried again by itself. Where many fail, the system is down: see its status page.',
  source_timeout: 'It is tried again by itself. Where many fail, the system is slow or down.',
  locked: 'Nothing: it is tried again when the other run has ended.',
  cancelled: 'Nothing: it is done anew at the next sync.',
};

const guards: Readonly<Record<GuardCode, string>> = {
  tenant_changed: 'A guard stopped the run: another firm answered than the one before',
  source_empty: 'A guard stopped the run: the source is empty, and was not before',
  many_missing: 'A guard stopped the run: many contacts would become missing',
  many_changed: 'A guard stopped the run: many contacts would change',
};

const ofGuard =
  'Look at the source first. If it is right, approve the run in the book of the firm: contact-sync approve.';
const otherwise = 'See the last run in the book of the firm; once the reason is gone, retry.';

/** What the code of a failed run, or of the guard that stopped it, means and asks for. */
export function aboutCode(code: string): About {
  if (Object.hasOwn(guards, code)) return { sentence: guards[code as GuardCode], hint: ofGuard };
  const known = Object.hasOwn(errorCodes, code) ? errorCodes[code as keyof typeof errorCodes].title : 'Another reason';
  return { sentence: known, hint: hints[code] ?? otherwise };
}
