import { accessTokenSetting, addressSetting, flagSetting, httpSettings } from '@contact-sync/connector-kit';
import { z } from 'zod';
import { defaultBaseUrl } from './api.js';

const minutes = 'must be a whole number of minutes, from 0 to 120';

const scopeWords = 'must be the scope that BGL registered for the app, words with a blank between them';

export const settingsShape = {
  firm: z
    .string('must be the bglAccountId of the firm, as text')
    .regex(/^[\w.-]{1,80}$/, 'must be the bglAccountId of the firm: letters, digits, dots, hyphens and underscores')
    .describe('The bglAccountId of the firm'),
  accessToken: accessTokenSetting.describe('An access token of the firm, or what keeps one fresh'),
  scope: z
    .string(scopeWords)
    .regex(/^[\w.:-]+(?: [\w.:-]+)*$/, scopeWords)
    .optional()
    .describe('To sign in: the scope that BGL registered for the app'),
  baseUrl: addressSetting(defaultBaseUrl).describe('Where the API is'),
  contacts: z
    .enum(['people', 'all', 'none'], 'must be people, all or none')
    .default('people')
    .describe('Which contacts of CAS 360: people, all (also companies and other entities), or none'),
  members: flagSetting.default(false).describe('Also the members of super funds in Simple Fund 360'),
  trustees: flagSetting.default(false).describe('Also the trustees, and directors of trustees, in Simple Fund 360'),
  maxWaitMinutes: z
    .union(
      [
        z.int(minutes),
        z
          .string()
          .regex(/^\d{1,3}$/, minutes)
          .transform(Number),
      ],
      { error: minutes },
    )
    .refine((value) => value >= 0 && value <= 120, minutes)
    .default(11)
    .describe('The longest pause for a limit of requests; for a longer one the read ends'),
  ...httpSettings,
};

export const bglSettings = z
  .strictObject(settingsShape)
  .refine(({ contacts, members, trustees }) => contacts !== 'none' || members || trustees, {
    path: ['contacts'],
    error: 'is none, and neither members nor trustees are asked for, so there is nothing to read',
  });

/** Settings as they are given; what has a default may be left out. */
export type BglSettings = z.input<typeof bglSettings>;
/** Settings once they are checked. */
export type BglOptions = z.output<typeof bglSettings>;
