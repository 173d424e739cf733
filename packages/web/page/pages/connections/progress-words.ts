import { numberText } from '@contact-sync/runner/components';
import type { Progress } from '../../lib/types.js';
import { many } from '../../lib/words.js';

/** How far a read has come. Nobody knows how long it takes, so there is no share of it. */
export function progressWords(progress: Progress | null): string {
  if (progress === null) return 'Beginning to read…';
  const { rows, pages, requestsLeft } = progress;
  const read = `${many(rows, 'row')} in ${many(pages, 'page')} read`;
  const left = limitsWords(requestsLeft);
  return left === null ? read : `${read} · requests left: ${left}`;
}

/** What is left of the limits, named as the vendor names them: `55 (minute), 4,800 (day)`. */
export function limitsWords(requestsLeft: Progress['requestsLeft']): string | null {
  const limits = Object.entries(requestsLeft ?? {});
  if (limits.length === 0) return null;
  return limits.map(([name, left]) => `${numberText(left)} (${name})`).join(', ');
}
