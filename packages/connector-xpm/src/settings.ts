import { accessTokenSetting, type HttpSettings, isSpelledOut } from '@contact-sync/connector-kit';
import { z } from 'zod';
import { defaultBaseUrl } from './api.js';

/** A switch: true or false from a program, the same as text from a command line. */
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
  error: 'must be true or false',
});

const given = <T>(what: string) =>
  z.custom<T>((value) => value !== null && ['object', 'function'].includes(typeof value), `must be ${what}`).optional();

export const xpmSettings = z.strictObject({
  tenantId: z
    .guid('must be a UUID, as in 8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11')
    .transform((id) => id.toLowerCase())
    .describe('The Xero tenant of type PRACTICEMANAGER'),
  accessToken: accessTokenSetting.describe(
    'An access token with the scope practicemanager.client.read, or what keeps one fresh',
  ),
  // As it is spelled, before a parser mends what nobody can see.
  baseUrl: z
    .string('must be an address like https://api.xero.com/practicemanager/3.1')
    .refine((text) => isSpelledOut(text) && !/[?#@\\]/.test(text), {
      error: ({ input }) =>
        /[?#@\\]/.test(String(input))
          ? 'must have no user, query or fragment'
          : 'must be an address like https://api.xero.com/practicemanager/3.1',
    })
    .transform((text) => text.replace(/\/+$/, ''))
    .default(defaultBaseUrl)
    .describe('Where the API is'),
  clients: z
    .enum(['individuals', 'all', 'none'], 'must be individuals, all or none')
    .default('individuals')
    .describe('Which clients are people themselves, where none of their contacts has their email'),
  prospects: flag.default(false).describe('Also clients that are prospects, and their contacts'),
  archived: flag.default(false).describe('Also clients that are archived, and their contacts'),
  transport: given<NonNullable<HttpSettings['transport']>>('an undici dispatcher'),
  now: given<NonNullable<HttpSettings['now']>>('a function'),
  wait: given<NonNullable<HttpSettings['wait']>>('a function'),
  random: given<NonNullable<HttpSettings['random']>>('a function'),
});

/** Settings as they are given; what has a default may be left out. */
export type XpmSettings = z.input<typeof xpmSettings>;
/** Settings once they are checked. */
export type XpmOptions = z.output<typeof xpmSettings>;
