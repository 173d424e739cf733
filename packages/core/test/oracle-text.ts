/**
 * The rules about text (docs/rules.md §1 and §4), written from the rules alone: nothing of core is imported but types.
 * Slow and obvious on purpose.
 */
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { regexes } from 'zod';
import type { Details, Policy, RawRecord, Reason } from '../src/index.js';
import type { Mutation } from './mutations.js';

/** "What is compared to find an unlinked contact: canonical name and email folded, canonical phone." */
export type MatchKey = { readonly name: string; readonly email: string; readonly phone: string | null };

/** What a record is judged to be: its faults, and where it has none the details that the lines look at. */
export type Judged = { readonly faults: readonly Reason[]; readonly details: Details; readonly phoneDropped: boolean };

export type TextRules = {
  canonical(text: string): string;
  fold(text: string): string;
  phone(text: string | null): { readonly value: string | null; readonly valid: boolean };
  isBlankId(externalId: string): boolean;
  judge(raw: RawRecord): Judged;
  matchKey(details: Details): MatchKey;
};

export function textRules(policy: Policy, mutation?: Mutation): TextRules {
  /** "Unicode NFC, outer spaces trimmed, inner runs of spaces one space." "Space is Unicode category Zs." */
  function canonical(text: string): string {
    const composed = mutation === 'no_nfc' ? text : text.normalize('NFC');
    const words = composed.split(mutation === 'only_plain_spaces_trimmed' ? / / : /\p{Zs}/u);
    return words.filter((word) => word !== '').join(' ');
  }

  /** "Canonical name and email folded (upper-cased, then lower-cased)." */
  function fold(text: string): string {
    if (mutation === 'fold_nothing') return text;
    if (mutation === 'fold_only_lowercase') return text.toLowerCase();
    return text.toUpperCase().toLowerCase();
  }

  /**
   * "Phone in E.164 where it is a valid number, read in the book's region. A stored phone that is not valid is kept
   * and equals only itself." "A phone of more than 64 code points is not valid. An empty phone, or one of Zs only,
   * is no phone."
   */
  function phone(text: string | null): { value: string | null; valid: boolean } {
    const written = canonical(text ?? '');
    if (written === '') return { value: null, valid: true };
    if (length(written) > 64 && mutation !== 'long_phone_parsed') return { value: written, valid: false };
    const number = e164(written, mutation === 'region_ignored' ? 'US' : policy.region);
    if (number === null) return { value: written, valid: false };
    return { value: mutation === 'phone_kept_as_written' ? written : number, valid: true };
  }

  /** "Lengths count code points." */
  function length(text: string): number {
    return mutation === 'lengths_in_utf16_units' ? text.length : [...text].length;
  }

  function isBlankId(externalId: string): boolean {
    return canonical(externalId) === '';
  }

  /** "Judged in this order; the first fault gives the code, all of them are listed." */
  function judge(raw: RawRecord): Judged {
    const faults: Reason[] = [];

    // "externalId: not blank, at most 128; compared exactly as it came, never trimmed or folded"
    if (isBlankId(raw.externalId)) faults.push('rejected_id_missing');
    else if (length(raw.externalId) > 128) faults.push('rejected_id_too_long');
    else if (hasControls(raw.externalId)) faults.push('rejected_id_characters');

    // "name: not empty, at most 200"
    const name = canonical(raw.name ?? '');
    if (name === '') faults.push('rejected_name_missing');
    else if (length(name) > 200) faults.push('rejected_name_too_long');
    else if (hasControls(raw.name ?? '')) faults.push('rejected_name_characters');

    // "email: exactly one bare address, at most 254; commas, semicolons or spaces between addresses mean several"
    const email = canonical(raw.email ?? '');
    if (email === '') faults.push('rejected_email_missing');
    else if (length(email) > 254) faults.push('rejected_email_too_long');
    else if (hasControls(raw.email ?? '')) faults.push('rejected_email_characters');
    else if (addresses(email) > 1 && mutation !== 'several_emails_are_invalid') faults.push('rejected_email_several');
    else if (!regexes.rfc5322Email.test(email)) faults.push('rejected_email_invalid');

    // "A number that is not valid does not reject the record: it is dropped before lines 2–9 and the record is flagged
    // phone_dropped (policy invalidPhone: 'reject', the strict reading, gives rejected_phone_invalid)."
    const { value, valid } = phone(raw.phone);
    const strict = policy.invalidPhone === 'reject' && mutation !== 'invalid_phone_always_dropped';
    if (!valid && strict) faults.push('rejected_phone_invalid');

    const keep = valid || mutation === 'invalid_phone_kept';
    return {
      faults: mutation === 'only_first_fault' ? faults.slice(0, 1) : faults,
      details: { name, email, phone: keep ? value : null },
      phoneDropped: !valid,
    };
  }

  function matchKey(details: Details): MatchKey {
    return { name: fold(details.name), email: fold(details.email), phone: details.phone };
  }

  return { canonical, fold, phone, isBlankId, judge, matchKey };
}

/** "Control characters (Cc) and bidirectional controls (U+202A–202E, U+2066–2069)"; a lone surrogate counts as one. */
function hasControls(text: string): boolean {
  return /[\p{Cc}\u202a-\u202e\u2066-\u2069\p{Cs}]/u.test(text);
}

/** "An email holds several addresses if two or more of its parts between commas, semicolons and spaces hold an @." */
function addresses(email: string): number {
  return email.split(/[,; ]/).filter((part) => part.includes('@')).length;
}

/** Remembered, because a million cases ask for the same dozen numbers, and the phone library takes its time. */
const numbers = new Map<string, string | null>();

function e164(text: string, region: string): string | null {
  const question = `${region} ${text}`;
  const known = numbers.get(question);
  if (known !== undefined) return known;
  const parsed = parsePhoneNumberFromString(text, region as CountryCode);
  const answer = parsed?.isValid() ? parsed.number : null;
  numbers.set(question, answer);
  return answer;
}

/** "External ids always by code point", which is not the order of UTF-16 units. */
export function byCodePoint(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** "Contact ids that are all digits compare as numbers, others by code point"; numbers come first. */
export function byContactId(a: string, b: string): number {
  const numeric = (id: string) => /^[0-9]+$/.test(id);
  if (numeric(a) && numeric(b)) {
    if (BigInt(a) < BigInt(b)) return -1;
    if (BigInt(a) > BigInt(b)) return 1;
    return byCodePoint(a, b);
  }
  if (numeric(a)) return -1;
  if (numeric(b)) return 1;
  return byCodePoint(a, b);
}
