import type { RateLimit } from './types.js';

const imfDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads `Retry-After` (RFC 9110, 10.2.3): whole seconds, or a date in the one form that may still be sent.
 * Null where it is missing or says anything else.
 */
export function retryAfter(headers: Headers, now: Date): RateLimit | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  // Nine digits are 31 years; more is no answer, and would be no date.
  if (/^\d{1,9}$/.test(value)) return { waitMs: Number(value) * 1000 };
  if (!imfDate.test(value)) return null;
  const waitMs = Date.parse(value) - now.getTime();
  return Number.isNaN(waitMs) ? null : { waitMs: Math.max(0, waitMs) };
}
