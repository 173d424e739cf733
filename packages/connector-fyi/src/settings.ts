import { flagSetting, httpSettings } from '@contact-sync/connector-kit';
import { z } from 'zod';
import { defaultBaseUrl, defaultPerPage } from './api.js';

/** What may stand in a header. The vendor's own forms, a UUID and 64 hex digits, are only known from others' code. */
const word = z
  .string('must be text')
  .regex(/^[\x21-\x7e]+$/, 'must be one word of plain letters, digits and signs, without a line break');

/** Letter for letter, before any parser may read it otherwise: the keys go to whatever stands here. */
const ofFyi = /^https:\/\/(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+fyi\.app\/*$/i;
const ofThisMachine = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?\/*$/i;

export const fyiSettings = z.strictObject({
  practice: z
    .string('must be text')
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i, 'must be letters, digits and inner dashes, at most 63')
    .transform((name) => name.toLowerCase())
    .describe('A short name of your own for the practice; it is part of every link, so do not change it later'),
  accessId: word.describe('The Access Key ID of the app in FYI'),
  accessSecret: word.describe('The Secret Key of the app in FYI'),
  applicationId: word.optional().describe('An application id, if FYI gave you one'),
  baseUrl: z
    .string('must be text')
    .refine(
      (text) => (ofFyi.test(text) || ofThisMachine.test(text)) && URL.canParse(text),
      'must be https://…fyi.app without a path, as in https://api-ap-southeast-2.fyi.app',
    )
    .transform((text) => new URL(text).origin)
    .default(defaultBaseUrl)
    .describe('Where the API is; it differs by region'),
  bodyStyle: z
    .enum(['envelope', 'flat'], 'must be envelope or flat')
    .default('envelope')
    .describe('The form of requests: in an envelope that names the action, or flat'),
  perPage: z
    .union(
      [
        z.int(),
        z
          .string()
          .regex(/^\d{1,4}$/)
          .transform(Number),
      ],
      'must be a whole number from 1 to 1000',
    )
    .pipe(z.int().min(1, 'must be a whole number from 1 to 1000').max(1000, 'must be a whole number from 1 to 1000'))
    .default(defaultPerPage)
    .describe('How many clients to ask for at once'),
  clients: z
    .enum(['individuals', 'all', 'none'], 'must be individuals, all or none')
    .default('individuals')
    .describe('Which clients are people themselves, where none of their contacts has their email'),
  prospects: flagSetting.default(false).describe('Also clients that are prospects, and their contacts'),
  archived: flagSetting
    .default(false)
    .describe('Also clients that are archived, their contacts, and archived contacts'),
  unmatched: flagSetting.default(false).describe('Also clients that are unmatched in FYI, and their contacts'),
  ...httpSettings,
});

/** Settings as they are given; what has a default may be left out. */
export type FyiSettings = z.input<typeof fyiSettings>;
/** Settings once they are checked. */
export type FyiOptions = z.output<typeof fyiSettings>;
