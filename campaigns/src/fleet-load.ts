/** When a firm is due: at a second of every so many minutes of the hour. */
export type Due = { readonly every: number; readonly minute: number; readonly second: number };

const periods = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60];
const minute = 60_000;

/** Schedules with which so many syncs are due in a second, all firms taking part: some have one period, some the next. */
export function duesFor(firms: number, rate: number, draw: () => number): Due[] {
  const wanted = rate * 60;
  const at = periods.findIndex((period) => firms / period <= wanted);
  const slower = periods[at === -1 ? periods.length - 1 : at] ?? 60;
  const faster = periods[Math.max(0, periods.indexOf(slower) - 1)] ?? 1;
  // As many firms with the faster one as fill the gap.
  const gap = 1 / faster - 1 / slower;
  const fast = gap === 0 ? 0 : Math.round((wanted - firms / slower) / gap);
  return Array.from({ length: firms }, (_, n) => {
    const every = n < fast ? faster : slower;
    return { every, minute: Math.floor(draw() * every), second: Math.floor(draw() * 60) };
  });
}

/** As pg-boss takes it. */
export function cronOf({ every, minute: first, second }: Due): string {
  const minutes = Array.from({ length: 60 / every }, (_, n) => first + n * every);
  return `${second} ${minutes.join(',')} * * * *`;
}

/** The moments from one to before another at which it is due; in milliseconds since 1970. */
export function momentsOf({ every, minute: first, second }: Due, from: number, to: number): number[] {
  const moments: number[] = [];
  for (let at = Math.floor(from / minute); at * minute < to; at += 1) {
    const moment = at * minute + second * 1000;
    if (at % every === first && moment >= from && moment < to) moments.push(moment);
  }
  return moments;
}

/**
 * How late a firm was read after each moment, in milliseconds; infinite where it was not.
 *
 * @param reads when it was read, in order
 */
export function latenesses(moments: readonly number[], reads: readonly number[]): number[] {
  return moments.map((moment) => (reads.find((read) => read >= moment) ?? Number.POSITIVE_INFINITY) - moment);
}

/** The value below which so large a share of all lies; the values are in order. */
export function quantile(ordered: readonly number[], share: number): number {
  return ordered[Math.min(ordered.length - 1, Math.max(0, Math.ceil(share * ordered.length) - 1))] ?? Number.NaN;
}
