import type { Contact } from './contact.js';
import type { ValidRecord } from './judge.js';
import { compareCodePoints, compareContactIds } from './order.js';

/**
 * Line 6 for all records at once: which free contact each record may take. Free is a `manual` contact without a link, with
 * a link to a source that is no longer connected, or with a link to a record that this read does not contain.
 * Where several meet, the lowest external ids take the lowest contact ids, whatever the order of the read.
 */
export function allotFree(options: {
  /** The records that no contact is linked to. */
  readonly unlinked: Iterable<ValidRecord>;
  /** The contacts with a record's name and email. */
  readonly namesakesOf: (record: ValidRecord) => readonly Contact[];
  readonly source: string;
  readonly ids: ReadonlySet<string>;
  readonly connected: ReadonlySet<string>;
}): Map<string, Contact> {
  const { unlinked, namesakesOf, source, ids, connected } = options;
  const isFree = ({ recordType, link }: Contact): boolean => {
    if (recordType !== 'manual') return false;
    if (link === null) return true;
    return link.source === source ? !ids.has(link.externalId) : !connected.has(link.source);
  };

  // Records with the same details are rivals for the same contacts, and the first of these tells that they are.
  const contests = new Map<string, { readonly free: Contact[]; readonly rivals: ValidRecord[] }>();
  for (const record of unlinked) {
    const free = withPhone(namesakesOf(record), record.details.phone).filter(isFree);
    const [first] = free;
    if (first === undefined) continue;
    const contest = contests.get(first.id);
    if (contest === undefined) contests.set(first.id, { free, rivals: [record] });
    else contest.rivals.push(record);
  }
  const takes = new Map<string, Contact>();
  for (const { free, rivals } of contests.values()) {
    free.sort((a, b) => compareContactIds(a.id, b.id));
    rivals.sort((a, b) => compareCodePoints(a.externalId, b.externalId));
    for (const [index, { externalId }] of rivals.entries()) {
      const contact = free[index];
      if (contact !== undefined) takes.set(externalId, contact);
    }
  }
  return takes;
}

/** Those of the namesakes that have this phone too. No phone equals no phone. */
export function withPhone(namesakes: readonly Contact[], phone: string | null): Contact[] {
  return namesakes.filter((contact) => (contact.phone ?? '') === (phone ?? ''));
}
