import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Contact, Details, Link } from './contact.js';

/** A hash of canonical details. Equal details have equal fingerprints; stores keep it and never look inside. */
export type Fingerprint = string;

/** Of what a record says. Half of SHA-256: a chance of one in 2^64 that a change goes unseen would be small enough already. */
export function detailsFingerprint({ name, email, phone }: Details): Fingerprint {
  // None of the three can hold a line feed, so no two details give the same text.
  return bytesToHex(sha256(utf8ToBytes(`${name}\n${email}\n${phone ?? ''}`)).subarray(0, 16));
}

/**
 * Of a contact whose record can be skipped when it says the same; null where the rules have to look: a contact that is
 * not `contact-sync`, is forced manual, or is missing. A store saves it with each contact it writes.
 */
export function fingerprint(contact: Contact): Fingerprint | null {
  return isSkippable(contact) ? detailsFingerprint(contact) : null;
}

/** Whether nothing needs to be done about a contact as long as its record says what it says. */
export function isSkippable({ recordType, forcedManual, missingSince }: Contact): boolean {
  return recordType === 'contact-sync' && !forcedManual && missingSince === null;
}

/** What is kept of a person who was forgotten: enough to know the link again, too little to tell whose it was. SHA-256, hex. */
export function linkHash({ source, externalId }: Link): string {
  // No source has a line feed.
  return bytesToHex(sha256(utf8ToBytes(`${source}\n${externalId}`)));
}
