/** Requests a tenant has, as Xero documents them. */
export type Limits = {
  readonly minute: number;
  readonly day: number;
  readonly appMinute: number;
  readonly concurrent: number;
};

export const xeroLimits: Limits = { minute: 60, day: 5000, appMinute: 10_000, concurrent: 5 };

export type LimitProblem = 'minute' | 'day' | 'appminute' | 'concurrent';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Counts in fixed windows, which begin with the full minute and day (UTC) of the clock. */
export function countLimits(limits: Limits, now: () => Date) {
  const minute = countWindow(limits.minute, minuteMs, now);
  const day = countWindow(limits.day, dayMs, now);
  const appMinute = countWindow(limits.appMinute, minuteMs, now);
  let running = 0;
  return {
    /** Counts a request that was let in, or says which limit is used up; then it does not count. */
    enter(): LimitProblem | null {
      if (running >= limits.concurrent) return 'concurrent';
      if (day.left() === 0) return 'day';
      if (minute.left() === 0) return 'minute';
      if (appMinute.left() === 0) return 'appminute';
      for (const window of [minute, day, appMinute]) window.count();
      running += 1;
      return null;
    },
    leave(): void {
      running -= 1;
    },
    /** Only the app's window, as for a tenant that is not connected. */
    countApp: () => appMinute.count(),
    left: () => ({ minute: minute.left(), day: day.left(), appMinute: appMinute.left() }),
    secondsToReset: (problem: 'minute' | 'day') => (problem === 'day' ? day : minute).secondsToReset(),
  };
}

function countWindow(limit: number, length: number, now: () => Date) {
  let window = Number.NaN;
  let used = 0;
  const turn = () => {
    const current = Math.floor(now().getTime() / length);
    if (current !== window) used = 0;
    window = current;
  };
  return {
    count(): void {
      turn();
      used += 1;
    },
    left(): number {
      turn();
      return Math.max(0, limit - used);
    },
    secondsToReset: () => Math.ceil((length - (now().getTime() % length)) / 1000),
  };
}
