import { z } from 'zod';
import { ContactSyncError } from './error.js';
import { isRegion } from './phone.js';

const share = z.number().min(0).max(1);

/** What a firm can decide about the rules. Every setting has the default that the rules name. */
export const policySchema = z.strictObject({
  /** The region phone numbers without a country code are read in, ISO 3166-1 alpha-2. */
  region: z
    .string()
    .refine(isRegion, 'a region is two capital letters of ISO 3166: AU, NZ, or GB for the United Kingdom')
    .default('AU'),
  /** What becomes of a record whose phone is not valid: the phone is dropped, or the record is rejected. */
  invalidPhone: z.enum(['drop', 'reject']).default('drop'),
  /** What becomes of a record whose name and email both changed: applied and flagged, or held for a person. */
  identityChange: z.enum(['flag', 'hold']).default('flag'),
  /** A guard stops a run at more than this share of the source's synced contacts, if it is more than `atLeast` of them. */
  manyMissing: share.default(0.3),
  manyChanged: share.default(0.3),
  atLeast: z.int().min(0).default(5),
});

export type Policy = Readonly<z.output<typeof policySchema>>;
export type PolicyInput = z.input<typeof policySchema>;

export const defaultPolicy: Policy = policySchema.parse({});

/** @throws ContactSyncError `setting_invalid`, naming every policy that is wrong */
export function parsePolicy(input: unknown): Policy {
  const result = policySchema.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new ContactSyncError('setting_invalid', `The policy cannot be used. ${faults.join('; ')}.`, {
    hint: `Policies are ${Object.keys(policySchema.shape).join(', ')}.`,
  });
}
