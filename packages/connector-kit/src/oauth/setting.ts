import type { AccessTokens } from '@contact-sync/core';
import { z } from 'zod';

/** A setting that takes a token as text, or `AccessTokens`. No error of it shows what was given. */
export const accessTokenSetting = z.union(
  [
    z.string().regex(/^[\x21-\x7e]+$/),
    z.custom<AccessTokens>(
      (value) =>
        typeof value === 'object' &&
        value !== null &&
        'get' in value &&
        'refused' in value &&
        typeof value.get === 'function' &&
        typeof value.refused === 'function',
    ),
  ],
  'must be one word of plain letters, digits and signs, without a line break',
);
