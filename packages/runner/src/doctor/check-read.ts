import { asContactSyncError, type ContactSource, type ContactSyncError, type Page } from '@contact-sync/core';
import { type Answer, listening } from './answers.js';
import { type Check, failed, failedBy, ok, warning } from './check.js';

const patienceMs = 30_000;
/** Vendors refuse what is signed at another time, and tokens look older or younger than they are. */
const clockMs = 60_000;

/** Reads the first page of a source and gives up: what that tells of the way there, the clock and the limits. */
export async function checkRead(source: ContactSource, now: () => Date, signal: AbortSignal): Promise<Check[]> {
  const { result, answers } = await listening(now, () => firstPage(source, signal));
  const error = 'error' in result ? result.error : null;
  const about = (area: Check['area']) => ({ area, source: source.source });
  const checks = [wayThere(about('connectivity'), error, answers)].filter((check) => check !== null);
  if (error !== null && checks.every(({ state }) => state === 'ok')) checks.push(failedBy(about('read'), error));
  if ('page' in result) {
    checks.push(ok(about('read'), 'Its first page can be read.'));
    const left = Object.entries(result.page?.requestsLeft ?? {});
    if (left.length > 0) checks.push(limits(about('limits'), left));
  }
  const clock = answers.findLast(({ date }) => date !== null);
  if (clock !== undefined) checks.push(clockOf(about('clock'), clock));
  return checks;
}

type Read = { readonly page: Page | null } | { readonly error: ContactSyncError };

async function firstPage(source: ContactSource, signal: AbortSignal): Promise<Read> {
  const given = new AbortController();
  const patience = AbortSignal.timeout(patienceMs);
  const pages = source.read({ signal: AbortSignal.any([signal, patience, given.signal]) });
  try {
    const { value, done } = await pages.next();
    return { page: done ? null : value };
  } catch (error) {
    return { error: asContactSyncError(error) };
  } finally {
    await pages.return({ complete: true, tenant: null });
    given.abort();
  }
}

type About = Pick<Check, 'area' | 'source'>;

/** Null where nothing was asked over a network. */
function wayThere(about: About, error: ContactSyncError | null, answers: readonly Answer[]): Check | null {
  const last = answers.at(-1);
  if (last !== undefined) {
    const { protocol, host } = new URL(last.origin);
    const how =
      protocol === 'https:' ? 'its name (DNS), the safe connection (TLS) and HTTP work' : 'HTTP works, without TLS';
    return ok(about, `${host} answers: ${how}.`);
  }
  if (error === null) return null;
  if (error.code === 'source_timeout' || error.code === 'cancelled') {
    return failed(about, `No answer came within ${patienceMs / 1000} seconds.`, error.hint);
  }
  if (error.code !== 'source_unreachable') return null;
  // The connector's errors name the fault by the code of the network, and nothing else of it.
  const code = /\(([A-Z0-9_]+)\)\.$/.exec(error.message)?.[1] ?? '';
  if (['ENOTFOUND', 'EAI_AGAIN', 'ENODATA'].includes(code)) {
    return failed(about, `DNS: ${error.message}`, 'Check the address for slips, and the name server of this machine.');
  }
  if (error.message.startsWith('No safe connection')) return failed(about, `TLS: ${error.message}`, error.hint);
  return failed(about, `Network: ${error.message}`, error.hint);
}

function limits(about: About, left: readonly (readonly [string, number])[]): Check {
  const text = left.map(([window, n]) => `${window} ${n}`).join(', ');
  return left.some(([, n]) => n === 0)
    ? warning(about, `Requests left: ${text}.`, 'A sync waits or stops until the system allows more.')
    : ok(about, `Requests left: ${text}.`);
}

function clockOf(about: About, { date, at }: Answer): Check {
  const offMs = at.getTime() - (date?.getTime() ?? at.getTime());
  const seconds = Math.round(Math.abs(offMs) / 1000);
  if (Math.abs(offMs) <= clockMs) return ok(about, 'The clock of this machine agrees with that of the system.');
  return warning(
    about,
    `The clock of this machine is ${seconds} seconds ${offMs > 0 ? 'ahead of' : 'behind'} that of the system.`,
    'Let the machine set its clock by the network (NTP): tokens and certificates depend on it.',
  );
}
