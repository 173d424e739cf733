import { accessTokenSetting, addressSetting, flagSetting, httpSettings } from '@contact-sync/connector-kit';
import { z } from 'zod';
import { defaultBaseUrl } from './api.js';

export const xpmSettings = z.strictObject({
  tenantId: z
    .guid('must be a UUID, as in 8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11')
    .transform((id) => id.toLowerCase())
    .describe('The Xero tenant of type PRACTICEMANAGER'),
  accessToken: accessTokenSetting.describe(
    'An access token with the scope practicemanager.client.read, or what keeps one fresh',
  ),
  baseUrl: addressSetting(defaultBaseUrl).describe('Where the API is'),
  clients: z
    .enum(['individuals', 'all', 'none'], 'must be individuals, all or none')
    .default('individuals')
    .describe('Which clients are people themselves, where none of their contacts has their email'),
  prospects: flagSetting.default(false).describe('Also clients that are prospects, and their contacts'),
  archived: flagSetting.default(false).describe('Also clients that are archived, and their contacts'),
  ...httpSettings,
});

/** Settings as they are given; what has a default may be left out. */
export type XpmSettings = z.input<typeof xpmSettings>;
/** Settings once they are checked. */
export type XpmOptions = z.output<typeof xpmSettings>;
