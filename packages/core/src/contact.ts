import { z } from 'zod';

/**
 * - `manual`: made by hand, editable.
 * - `contact-sync`: kept equal to the connected source, read-only.
 * - `external`: made once by another integration, read-only.
 */
export const recordTypes = ['manual', 'contact-sync', 'external'] as const;
export type RecordType = (typeof recordTypes)[number];

/** What a person sees of a contact, in canonical form (see canonical.ts). A phone is E.164, or text that is no valid number. */
export type Details = { readonly name: string; readonly email: string; readonly phone: string | null };

/**
 * Which record of which system a contact came from; the product article calls it metadata. `source` is connector and
 * tenant, for example `xpm:8c0e…`, so that two systems that both number from 1 cannot meet. `externalId` is compared exactly.
 */
export type Link = { readonly source: string; readonly externalId: string };

/** A record of the contact book. */
export type Contact = Details & {
  readonly id: string;
  readonly recordType: RecordType;
  /** A person took this contact over: a sync may relink it, but never changes its details. */
  readonly forcedManual: boolean;
  readonly link: Link | null;
  /** ISO 8601 in UTC: since when complete reads do not contain the linked record. */
  readonly missingSince: string | null;
};

export const detailsSchema = z.strictObject({
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
}) satisfies z.ZodType<Details>;

export const linkSchema = z.strictObject({ source: z.string(), externalId: z.string() }) satisfies z.ZodType<Link>;

export const contactSchema = z.strictObject({
  id: z.string().min(1),
  ...detailsSchema.shape,
  recordType: z.enum(recordTypes),
  forcedManual: z.boolean(),
  link: linkSchema.nullable(),
  missingSince: z.string().nullable(),
}) satisfies z.ZodType<Contact>;

export function sameDetails(a: Details, b: Details): boolean {
  return a.name === b.name && a.email === b.email && a.phone === b.phone;
}

export function sameLink(a: Link | null, b: Link | null): boolean {
  return a === null || b === null ? a === b : a.source === b.source && a.externalId === b.externalId;
}

export function sameContact(a: Contact, b: Contact): boolean {
  return (
    a.id === b.id &&
    sameDetails(a, b) &&
    a.recordType === b.recordType &&
    a.forcedManual === b.forcedManual &&
    sameLink(a.link, b.link) &&
    a.missingSince === b.missingSince
  );
}
