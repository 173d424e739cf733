import { numberText } from '@contact-sync/runner/components';

/** `1 row`, `12,345 rows`. */
export function many(n: number, what: string): string {
  return `${numberText(n)} ${what}${n === 1 ? '' : 's'}`;
}
