import { z } from 'zod';
import { canonicalText, hasForbiddenCharacters, lengthOf, nameEmailKey } from './canonical.js';
import { type Details, sameDetails } from './contact.js';
import { detailsFingerprint, detailsText, type Fingerprint } from './fingerprint.js';
import { isValidPhone, validPhone } from './phone.js';
import type { Policy } from './policy.js';
import type { Read } from './read.js';
import type { Flag, Reason } from './reasons.js';
import type { RawRecord } from './source.js';

/** A record as the rules see it. `says` is what the source says, canonical; a phone that is not valid is still in it. */
export type ValidRecord = {
  readonly valid: true;
  readonly externalId: string;
  readonly details: Details;
  readonly fingerprint: Fingerprint;
  /** The `nameEmailKey` of the details. */
  readonly key: string;
  readonly says: Details;
  readonly flags: readonly Flag[];
};
export type RejectedRecord = {
  readonly valid: false;
  readonly externalId: string | null;
  /** At least one; the first is the reason. */
  readonly faults: readonly [Reason, ...Reason[]];
  readonly says: Details | null;
  readonly note: string | null;
};
export type JudgedRecord = ValidRecord | RejectedRecord;

/** A read, judged row by row. */
export type JudgedRead = {
  /** In source order, then the rows the connector could not read. */
  readonly records: readonly JudgedRecord[];
  /** Of each of them, which of the read's records it is; those the connector could not read are none. */
  readonly rows: readonly number[];
  /** The ids the read contains, of valid and rejected rows. */
  readonly ids: ReadonlySet<string>;
  /** Further copies of rows that agree. */
  readonly duplicateRows: number;
  /** False if some row had no readable id: it may be anybody's. */
  readonly provesAbsence: boolean;
};

export function judge(read: Read, policy: Policy): JudgedRead {
  const unreadableIds = new Set<string>();
  let provesAbsence = true;
  for (const { externalId } of read.unreadable) {
    const id = readableId(externalId);
    if (id === null) provesAbsence = false;
    else unreadableIds.add(id);
  }

  const { ids, repeated, differing } = compareCopies(read.records, unreadableIds, policy.region);
  const taken = new Set<string>();
  const records: JudgedRecord[] = [];
  const rows: number[] = [];
  let duplicateRows = 0;
  for (const [index, row] of read.records.entries()) {
    const { externalId } = row;
    if (!ids.has(externalId)) {
      provesAbsence = false;
    } else if (differing.has(externalId)) {
      rows.push(index);
      records.push(rejected(externalId, ['rejected_duplicate_id'], saidBy(row, policy.region)));
      continue;
    } else if (repeated.has(externalId)) {
      if (taken.has(externalId)) {
        duplicateRows += 1;
        continue;
      }
      taken.add(externalId);
    }
    rows.push(index);
    records.push(judgeRow(row, policy));
  }
  for (const { externalId, where, problem } of read.unreadable) {
    const id = readableId(externalId);
    if (id !== null) ids.add(id);
    records.push(rejected(id, ['rejected_unreadable'], null, `${where}: ${problem}`));
  }
  return { records: flagEqualDetails(records), rows, ids, duplicateRows, provesAbsence };
}

/** All ids, those that come more than once, and those of them whose rows do not agree. A blank id is none. */
function compareCopies(rows: readonly RawRecord[], unreadableIds: ReadonlySet<string>, region: string) {
  const ids = new Set<string>();
  const repeated = new Set<string>();
  for (const { externalId } of rows) {
    if (ids.has(externalId)) repeated.add(externalId);
    else if (!isBlank(externalId)) ids.add(externalId);
  }
  // Nobody knows what an unreadable row says, so nobody knows that the two agree.
  const differing = new Set([...unreadableIds].filter((id) => ids.has(id)));
  const first = new Map<string, Details>();
  for (const row of repeated.size === 0 ? [] : rows) {
    if (!repeated.has(row.externalId)) continue;
    const says = saidBy(row, region);
    const copy = first.get(row.externalId);
    if (copy === undefined) first.set(row.externalId, says);
    else if (!sameDetails(copy, says)) differing.add(row.externalId);
  }
  return { ids, repeated, differing };
}

/** The field table of the rules: every field is judged, in this order, and the first fault of each is listed. */
function judgeRow(row: RawRecord, policy: Policy): JudgedRecord {
  const says = saidBy(row, policy.region);
  const faults: Reason[] = [];
  const judgeField = (fault: Reason | null) => {
    if (fault !== null) faults.push(fault);
  };
  judgeField(idFault(row.externalId));
  judgeField(nameFault(says.name));
  judgeField(emailFault(says.email));

  const phoneDropped =
    says.phone !== null && !(lengthOf(says.phone) <= maxPhone && isValidPhone(says.phone, policy.region));
  if (phoneDropped && policy.invalidPhone === 'reject') faults.push('rejected_phone_invalid');

  const [reason, ...more] = faults;
  if (reason !== undefined) return rejected(readableId(row.externalId), [reason, ...more], says);

  const details = phoneDropped ? { ...says, phone: null } : says;
  return new Valid(row.externalId, details, says, phoneDropped ? ['phone_dropped'] : none);
}

const none: readonly Flag[] = [];

/** A class for the sake of what is made when it is asked for: most syncs never ask, and there may be millions. */
class Valid implements ValidRecord {
  readonly valid = true;
  readonly externalId: string;
  readonly details: Details;
  readonly says: Details;
  readonly flags: readonly Flag[];
  #fingerprint: Fingerprint | undefined;
  #key: string | undefined;

  constructor(externalId: string, details: Details, says: Details, flags: readonly Flag[]) {
    this.externalId = externalId;
    this.details = details;
    this.says = says;
    this.flags = flags;
  }

  get fingerprint(): Fingerprint {
    this.#fingerprint ??= detailsFingerprint(this.details);
    return this.#fingerprint;
  }

  get key(): string {
    this.#key ??= nameEmailKey(this.details);
    return this.#key;
  }
}

function rejected(
  externalId: string | null,
  faults: readonly [Reason, ...Reason[]],
  says: Details | null,
  note: string | null = null,
): RejectedRecord {
  return { valid: false, externalId, faults, says, note };
}

/** What a row says, canonical. A phone that is not valid stays text. */
function saidBy(row: RawRecord, region: string): Details {
  const phone = canonicalText(row.phone ?? '');
  return {
    name: canonicalText(row.name ?? ''),
    email: canonicalText(row.email ?? ''),
    phone: phone === '' ? null : (lengthOf(phone) <= maxPhone && validPhone(phone, region)) || phone,
  };
}

const maxId = 128;
const maxName = 200;
const maxEmail = 254;
const maxPhone = 64;

export function isBlank(externalId: string): boolean {
  return canonicalText(externalId) === '';
}

/** A blank id is no id. */
function readableId(externalId: string | null): string | null {
  return externalId === null || isBlank(externalId) ? null : externalId;
}

function idFault(externalId: string): Reason | null {
  if (isBlank(externalId)) return 'rejected_id_missing';
  if (lengthOf(externalId) > maxId) return 'rejected_id_too_long';
  return hasForbiddenCharacters(externalId) ? 'rejected_id_characters' : null;
}

export function nameFault(name: string): Reason | null {
  if (name === '') return 'rejected_name_missing';
  if (lengthOf(name) > maxName) return 'rejected_name_too_long';
  return hasForbiddenCharacters(name) ? 'rejected_name_characters' : null;
}

export function emailFault(email: string): Reason | null {
  if (email === '') return 'rejected_email_missing';
  if (lengthOf(email) > maxEmail) return 'rejected_email_too_long';
  if (hasForbiddenCharacters(email)) return 'rejected_email_characters';
  const addresses = email.split(/[,; ]/).filter((part) => part.includes('@'));
  if (addresses.length > 1) return 'rejected_email_several';
  return z.regexes.rfc5322Email.test(email) ? null : 'rejected_email_invalid';
}

/** Two ids with equal details stay two contacts, and a person is told. */
function flagEqualDetails(records: readonly JudgedRecord[]): readonly JudgedRecord[] {
  const valid = records.filter((record) => record.valid);
  // Emails are looked at first: nearly all differ, and they are there, while a text of all details has to be made.
  const emails = repeatedOf(valid, ({ details }) => details.email);
  if (emails.size === 0) return records;
  const alike = valid.filter(({ details }) => emails.has(details.email));
  const shared = repeatedOf(alike, ({ details }) => detailsText(details));
  if (shared.size === 0) return records;
  return records.map((record) => {
    if (!record.valid || !shared.has(detailsText(record.details))) return record;
    const { externalId, details, says, flags } = record;
    return new Valid(externalId, details, says, [...flags, 'equal_details']);
  });
}

function repeatedOf(records: readonly ValidRecord[], textOf: (record: ValidRecord) => string): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const record of records) {
    const text = textOf(record);
    if (seen.has(text)) repeated.add(text);
    else seen.add(text);
  }
  return repeated;
}
