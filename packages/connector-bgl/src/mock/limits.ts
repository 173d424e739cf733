import type { LimitProblem } from './answers.js';

/** Requests that an app has; null for no limit. */
export type Limits = { readonly tenMinutes: number | null; readonly day: number | null };

/** As documented in 2015. */
export const bglLimits: Limits = { tenMinutes: 100, day: 1000 };

const tenMinutesMs = 10 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** The last ten minutes by the clock, and days in UTC. What is refused does not count. */
export function countLimits(limits: Limits, now: () => Date) {
  let day = Number.NaN;
  let ofDay = 0;
  let recent: number[] = [];
  const turn = (): number => {
    const time = now().getTime();
    if (Math.floor(time / dayMs) !== day) ofDay = 0;
    day = Math.floor(time / dayMs);
    recent = recent.filter((at) => at > time - tenMinutesMs);
    return time;
  };
  return {
    /** Counts a request that was let in, or says which limit is used up. */
    enter(): LimitProblem | null {
      const time = turn();
      if (limits.day !== null && ofDay >= limits.day) return 'today';
      if (limits.tenMinutes !== null && recent.length >= limits.tenMinutes) return '10 mins';
      ofDay += 1;
      recent.push(time);
      return null;
    },
    dayLeft(): number {
      turn();
      return limits.day === null ? -1 : Math.max(0, limits.day - ofDay);
    },
  };
}
