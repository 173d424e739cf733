import { matchKey } from './canonical.js';
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
  readonly unlinked: readonly ValidRecord[];
  readonly candidates: readonly Contact[];
  readonly source: string;
  readonly ids: ReadonlySet<string>;
  readonly connected: ReadonlySet<string>;
}): Map<string, Contact> {
  const { unlinked, candidates, source, ids, connected } = options;
  const isFree = ({ recordType, link }: Contact): boolean => {
    if (recordType !== 'manual') return false;
    if (link === null) return true;
    return link.source === source ? !ids.has(link.externalId) : !connected.has(link.source);
  };

  const contacts = groupByMatchKey(candidates.filter(isFree), (contact) => contact);
  const records = groupByMatchKey(
    unlinked.filter(({ details }) => contacts.size > 0 && contacts.has(matchKey(details))),
    ({ details }) => details,
  );
  const takes = new Map<string, Contact>();
  for (const [key, rivals] of records) {
    const free = (contacts.get(key) ?? []).sort((a, b) => compareContactIds(a.id, b.id));
    rivals.sort((a, b) => compareCodePoints(a.externalId, b.externalId));
    for (const [index, { externalId }] of rivals.entries()) {
      const contact = free[index];
      if (contact !== undefined) takes.set(externalId, contact);
    }
  }
  return takes;
}

function groupByMatchKey<T>(
  items: readonly T[],
  detailsOf: (item: T) => Parameters<typeof matchKey>[0],
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = matchKey(detailsOf(item));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
