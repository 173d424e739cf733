import type { Complete, ContactSource } from '../src/index.js';
import { type Answer, failure, type List, ledger, type Parts, type System, sound } from './ledger.js';

export type BrokenSource = {
  /** The check that is meant to catch it, and the only one that does. */
  readonly caughtBy: string;
  readonly mistake: string;
  readonly make: (system: System) => ContactSource;
};

export function broken(caughtBy: string, mistake: string, changed: Partial<Parts>): BrokenSource {
  return { caughtBy, mistake, make: (system) => ledger(system, changed) };
}

export function rebuilt(caughtBy: string, mistake: string, make: BrokenSource['make']): BrokenSource {
  return { caughtBy, mistake, make };
}

export type Read = ContactSource['read'];
type Reading = ReturnType<Read>;

/** The sound connector with another way to read, made from its own. */
export function reading(caughtBy: string, mistake: string, change: (read: Read, system: System) => Read): BrokenSource {
  return rebuilt(caughtBy, mistake, (system) => {
    const source = ledger(system);
    return { source: source.source, read: change(source.read, system) };
  });
}

export const nobody: List = { rows: [], total: 0, pages: 1 };

/** Takes an answer for an empty list where the predicate says so. */
export function emptyIf(predicate: (answer: Answer, page: number) => boolean): Partial<Parts> {
  return { open: (answer, page, system) => (predicate(answer, page) ? nobody : sound.open(answer, page, system)) };
}

/** Says more in an error than it should. */
export function telling(extra: (answer: Answer, system: System) => { text: string; cause?: unknown }): Partial<Parts> {
  return {
    open(answer, page, system) {
      try {
        return sound.open(answer, page, system);
      } catch (error) {
        const { text, cause } = extra(answer, system);
        const { code, message, resumeAt } = error as ReturnType<typeof failure>;
        throw failure(code, `${message} ${text}`, { cause, ...(resumeAt === undefined ? {} : { resumeAt }) });
      }
    },
  };
}

/** The fields of a page or an end that no type would let through. */
export function misshapen<T>(value: unknown): T {
  return value as T;
}

/** A generator that differs from another one in some of its methods. */
export function wrapped(current: () => Reading, changed: Partial<Pick<Reading, 'next' | 'return'>>): Reading {
  const generator = {
    next: () => current().next(),
    return: (value: Complete) => current().return(value),
    throw: (error: unknown) => current().throw(error),
    [Symbol.asyncIterator]: (): Reading => generator,
    [Symbol.asyncDispose]: async () => {
      await current().return({ complete: true, tenant: null });
    },
    ...changed,
  };
  return generator;
}
