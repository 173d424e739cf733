import { useNow } from '../lib/clock.js';
import { relative } from '../lib/relative.js';

const dayAndTime = new Intl.DateTimeFormat('en-AU', { dateStyle: 'medium', timeStyle: 'short' });
const exactly = new Intl.DateTimeFormat('en-AU', { dateStyle: 'full', timeStyle: 'long' });

/** A time (ISO 8601) in the time zone of the person who looks, and how long ago that was. `short`: only how long ago. */
export function Time({ at, short = false }: { readonly at: string; readonly short?: boolean }) {
  const now = useNow();
  const time = Date.parse(at);
  if (Number.isNaN(time)) return <span>{at}</span>;
  const ago = relative(time, now);
  return (
    <time dateTime={at} title={exactly.format(time)}>
      {short ? ago : `${dayAndTime.format(time)} (${ago})`}
    </time>
  );
}
