import type { AccessToken } from '@contact-sync/core';
import { z } from 'zod';

/** A setting that takes a token as text, or `AccessTokens`. No error of it shows what was given. */
export const accessTokenSetting = z.custom<AccessToken>(
  (value) => (typeof value === 'string' ? /^[\x21-\x7e]+$/.test(value) : hasTokens(value)),
  'must be one word of plain letters, digits and signs, without a line break',
);

function hasTokens(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('get' in value) || !('refused' in value)) return false;
  return typeof value.get === 'function' && typeof value.refused === 'function';
}
