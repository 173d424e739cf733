/** What is left of a long deadline: soon where a case is about being too slow, else far longer than any case takes. */
const shortMs = 700;
const longMs = 20_000;

export type Deadlines = { soon(soon: boolean): void; restore(): void };

/**
 * Makes every timer of twenty seconds and more shorter, so that deadlines of requests are met while somebody watches. The
 * pauses of connectors are given to them in another way, and take no time at all.
 */
export function shortenDeadlines(): Deadlines {
  const real = globalThis.setTimeout;
  let ms = longMs;
  const short = (work: (...args: unknown[]) => void, asked?: number, ...args: unknown[]) =>
    real(work, (asked ?? 0) >= longMs ? ms : asked, ...args);
  globalThis.setTimeout = Object.assign(short, real) as typeof real;
  return {
    soon: (soon) => {
      ms = soon ? shortMs : longMs;
    },
    restore: () => {
      globalThis.setTimeout = real;
    },
  };
}
