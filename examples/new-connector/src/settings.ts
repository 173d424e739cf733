import { httpSettings } from '@contact-sync/connector-kit';
import { z } from 'zod';

export const acmeSettings = z.strictObject({
  tenant: z.string('must be text').regex(/^\w+$/, 'must be letters and digits').describe('The id of the tenant'),
  token: z
    .string('must be text')
    .regex(/^[\x21-\x7e]+$/, 'must be one word of plain letters, digits and signs')
    .describe('An access token'),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'must be an address like https://api.acme.example' })
    .transform((text) => text.replace(/\/+$/, ''))
    .default('https://api.acme.example')
    .describe('Where the API is'),
  ...httpSettings,
});

/** Settings as they are given; what has a default may be left out. */
export type AcmeSettings = z.input<typeof acmeSettings>;
/** Settings once they are checked. */
export type AcmeOptions = z.output<typeof acmeSettings>;
