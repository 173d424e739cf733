import { backoff, defaultPauses } from '../http/pause.js';
import type { Clock } from './clock.js';
import type { Exchanged } from './token-answer.js';

const attempts = 4;

/**
 * Asks again, a few times, while the fault may pass. The same code or refresh token is sent: where an answer was lost, a
 * vendor with a grace gives another, and at one without nothing would be better. It stops early, with the last answer,
 * where `signal` aborts; an exchange that was sent is waited for.
 */
export async function persist(
  exchange: () => Promise<Exchanged>,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ readonly answer: Exchanged; readonly asked: Date }> {
  for (let tried = 1; ; tried += 1) {
    const asked = clock.now();
    const answer = await exchange();
    if (answer.kind !== 'passing' || tried === attempts || answer.leastMs > defaultPauses.maxWaitMs) {
      return { answer, asked };
    }
    try {
      await clock.wait(Math.max(answer.leastMs, backoff(tried, defaultPauses, clock.random)), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (signal.aborted) return { answer, asked };
  }
}
