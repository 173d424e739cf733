import { useEffect, useState } from 'preact/hooks';
import { leftWords } from './left-words.js';

const clock = new Intl.DateTimeFormat('en-AU', { timeStyle: 'short' });
const dayAndClock = new Intl.DateTimeFormat('en-AU', { dateStyle: 'medium', timeStyle: 'short' });

/** Whether a time (ISO 8601) has come. Asks for the time each second only as long as it has not. */
export function useSecondsTo(at: string | null): number {
  const left = () => (at === null ? 0 : Math.max(0, Math.ceil((Date.parse(at) - Date.now()) / 1000)));
  const [, setTick] = useState(0);
  const seconds = left();
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setTimeout(() => setTick((tick) => tick + 1), 1000);
    return () => clearTimeout(timer);
  });
  return seconds;
}

/** `at 2:05 pm, in 4:09`. Its digits all have one width, so that nothing moves while it counts. */
export function Countdown({ at, seconds }: { readonly at: string; readonly seconds: number }) {
  const time = new Date(at);
  const far = seconds > 12 * 3600;
  return (
    <>
      <time dateTime={at}>at {(far ? dayAndClock : clock).format(time)}</time>
      <span class="numbers" aria-hidden="true">
        , in {leftWords(seconds)}
      </span>
    </>
  );
}
