const counted = new Intl.RelativeTimeFormat('en');
/** For days alone: `yesterday`. 14 months from now is not `next year`. */
const named = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const units = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** `3 minutes ago`, `in 2 hours`; what is less than a minute away is `just now`, or `in a moment`. Times in milliseconds. */
export function relative(at: number, now: number): string {
  const seconds = (at - now) / 1000;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) < size) continue;
    return (unit === 'day' ? named : counted).format(Math.trunc(seconds / size), unit);
  }
  return seconds > 0 ? 'in a moment' : 'just now';
}
