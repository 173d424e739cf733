import { z } from 'zod';
import { isSpelledOut } from './http/origins.js';
import type { HttpSettings } from './http/types.js';

/** A switch: true or false from a program, the same as text from a command line. */
export const flagSetting = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
  error: 'must be true or false',
});

/** Where an API is. Taken as it is spelled, before a parser mends what nobody can see; without slashes at its end. */
export function addressSetting(usual: string) {
  const example = `must be an address like ${usual}`;
  return z
    .string(example)
    .refine((text) => isSpelledOut(text) && !/[?#@\\]/.test(text), {
      error: ({ input }) => (/[?#@\\]/.test(String(input)) ? 'must have no user, query or fragment' : example),
    })
    .transform((text) => text.replace(/\/+$/, ''))
    .default(usual);
}

const given = <T>(what: string) =>
  z.custom<T>((value) => value !== null && ['object', 'function'].includes(typeof value), `must be ${what}`).optional();

/** What only a program gives: where requests go, and the time. */
export const httpSettings = {
  transport: given<NonNullable<HttpSettings['transport']>>('an undici dispatcher'),
  now: given<NonNullable<HttpSettings['now']>>('a function'),
  wait: given<NonNullable<HttpSettings['wait']>>('a function'),
  beforeRequest: given<NonNullable<HttpSettings['beforeRequest']>>('a function'),
  random: given<NonNullable<HttpSettings['random']>>('a function'),
};
