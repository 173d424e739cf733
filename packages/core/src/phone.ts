import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { canonicalText } from './canonical.js';

/**
 * The E.164 form of a valid number, read in `region` where it names no country; null where it is not valid.
 * Validity is that of libphonenumber's full metadata.
 */
export function validPhone(text: string, region: string): string | null {
  const known = australianPhone(text, region);
  if (known !== undefined) return known;
  // Notes in place of a number are common, and the library makes an error of each, with its stack, which takes long.
  return anyDigit.test(text) ? libraryPhone(text, region) : null;
}

const anyDigit = /\p{Nd}/u;

/** Whether numbering plans are known for a region, ISO 3166-1 alpha-2 in capitals. */
export function isRegion(region: string): region is CountryCode {
  return isSupportedCountry(region);
}

/** The slow way, which defines what is right. */
export function libraryPhone(text: string, region: string): string | null {
  const phone = parsePhoneNumberFromString(text, isRegion(region) ? region : undefined);
  return phone?.isValid() ? phone.number : null;
}

/** Whether a canonical phone is a number: the E.164 form of itself. */
export function isValidPhone(phone: string, region: string): boolean {
  return validPhone(phone, region) === phone;
}

/** What is stored where nothing was judged: E.164 if valid, else the canonical text; null if empty. */
export function canonicalPhone(text: string | null, region: string): string | null {
  const canonical = canonicalText(text ?? '');
  return canonical === '' ? null : (validPhone(canonical, region) ?? canonical);
}

// The shapes in which nearly all Australian numbers are written: mobiles and fixed lines, with and without +61.
// Numbers without it are read so only where the region is AU.
const national = /^(?:04\d\d[ -]?\d{3}[ -]?\d{3}|(?:0[2378]|\(0[2378]\))[ -]?\d{4}[ -]?\d{4})$/;
const international = /^\+61 ?(?:4\d\d ?\d{3} ?\d{3}|[2378] ?\d{4} ?\d{4})$/;

/** Beginnings of national numbers: whether numbers that begin so are valid, as the library said of the first one seen. */
const ranges = new Map<string, boolean>();

/**
 * The fast path; undefined where the text has another shape. Within its shapes the numbering plan tells by the first
 * digits whether a number is valid (four of nine, in the areas of single towns, 851 and 891, six), so the library is asked
 * once for each beginning, and invalid numbers are as fast as valid ones.
 */
function australianPhone(text: string, region: string): string | null | undefined {
  const known = text.startsWith('+') ? international.test(text) : region === 'AU' && national.test(text);
  if (!known) return undefined;
  const digits = digitsOf(text).slice(-9);
  const isTown = digits.startsWith('851') || digits.startsWith('891');
  const range = digits.slice(0, isTown ? 6 : 4);
  let valid = ranges.get(range);
  if (valid === undefined) {
    valid = libraryPhone(`+61${digits}`, region) !== null;
    ranges.set(range, valid);
  }
  return valid ? `+61${digits}` : null;
}

const digitsOf = (text: string) => text.replace(/\D+/g, '');
