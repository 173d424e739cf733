import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Contact, Details, Link } from './contact.js';

/** A hash of canonical details. Equal details have equal fingerprints; stores keep it and never look inside. */
export type Fingerprint = string;

/** SHA-256 of a text in UTF-8, in hex. Where Node's own is at hand, it takes a fraction of the time of ours. */
export type Sha256 = (text: string) => string;

const sha256Hex: Sha256 = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/** Of what a record says. Half of SHA-256: a chance of one in 2^64 that a change goes unseen would be small enough already. */
export function detailsFingerprint(details: Details, hash = sha256Hex): Fingerprint {
  return hash(detailsText(details)).slice(0, 32);
}

/** None of the three can hold a line feed, so no two details give the same text. */
export function detailsText({ name, email, phone }: Details): string {
  return `${name}\n${email}\n${phone ?? ''}`;
}

/**
 * Of a contact whose record can be skipped when it says the same; null where the rules have to look: a contact that is
 * not `contact-sync`, is forced manual, or is missing. A store saves it with each contact it writes.
 */
export function fingerprint(contact: Contact, hash?: Sha256): Fingerprint | null {
  return isSkippable(contact) ? detailsFingerprint(contact, hash) : null;
}

/** Whether nothing needs to be done about a contact as long as its record says what it says. */
export function isSkippable({ recordType, forcedManual, missingSince }: Contact): boolean {
  return recordType === 'contact-sync' && !forcedManual && missingSince === null;
}

/** What is kept of a person who was forgotten: enough to know the link again, too little to tell whose it was. SHA-256, hex. */
export function linkHash({ source, externalId }: Link): string {
  // No source has a line feed.
  return sha256Hex(`${source}\n${externalId}`);
}
