import { fold, matchKey } from './canonical.js';
import type { ConnectionKind } from './connection.js';
import { type Contact, type Details, sameDetails } from './contact.js';
import { withPhone } from './free.js';
import type { ValidRecord } from './judge.js';
import { compareContactIds } from './order.js';
import type { Policy } from './policy.js';
import type { Flag, Reason } from './reasons.js';

/** All that lines 2 to 9 look at to decide one record: the record, and the book as it was before the run. */
export type Situation = {
  readonly source: string;
  readonly record: ValidRecord;
  /** The contact that is not external and is linked to (S, x). */
  readonly linked: Contact | null;
  /** The external contacts with this link. */
  readonly externals: readonly Contact[];
  /** The contacts with the record's name and email; none of interest where a contact is linked. */
  readonly namesakes: readonly Contact[];
  /** The free contact that is this record's to take; see free.ts. */
  readonly free: Contact | null;
  /** Whether the contact's own record is missing, from this read or since an earlier one. */
  readonly isMissing: (contact: Contact) => boolean;
  readonly newId: () => string;
  readonly policy: Policy;
};

/** What a line decides. `before` and `after` are the whole effect. */
export type Verdict = {
  readonly reason: Reason;
  readonly before: Contact | null;
  readonly after: Contact;
  readonly flags: readonly Flag[];
};

/** A line of the record update rules: it decides, or says why it does not fit. */
type Line = {
  readonly line: number;
  readonly when: string;
  readonly decide: (situation: Situation) => Verdict | string;
};

/** The lines a record is taken through, by the kind of its connection. */
export function linesOf(kind: ConnectionKind): readonly Line[] {
  return kind === 'external' ? externalLines : lines;
}

const notLinked = 'no contact is linked to this id';
const forced = 'the contact is forced manual';

/** Lines 2 to 9 in their order; the first that fits decides. Line 1, invalid records, is judge.ts. */
const lines: readonly Line[] = [
  {
    line: 2,
    when: 'a contact is linked to this id and is forced manual',
    decide: ({ record, linked }) => {
      if (linked === null) return notLinked;
      if (!linked.forcedManual) return 'the contact is not forced manual';
      return {
        reason: linked.recordType === 'manual' ? 'relinked_forced_manual' : 'kept_forced_manual',
        before: linked,
        after: { ...linked, recordType: 'contact-sync', missingSince: null },
        flags: [...returned(linked), ...sourceDiffers(linked, record.details)],
      };
    },
  },
  {
    line: 3,
    when: 'a synced contact is linked to this id, and its details are equal',
    decide: ({ record, linked }) => {
      if (linked === null) return notLinked;
      if (linked.forcedManual) return forced;
      if (!sameDetails(linked, record.details)) return 'the details differ';
      if (linked.recordType === 'manual') return 'the contact is manual';
      return { reason: 'unchanged', before: linked, after: { ...linked, missingSince: null }, flags: returned(linked) };
    },
  },
  {
    line: 4,
    when: 'a manual contact is linked to this id, and its details are equal',
    decide: ({ record, linked }) => {
      if (linked === null) return notLinked;
      if (linked.forcedManual) return forced;
      if (!sameDetails(linked, record.details)) return 'the details differ';
      return {
        reason: 'relinked',
        before: linked,
        after: { ...linked, recordType: 'contact-sync', missingSince: null },
        flags: returned(linked),
      };
    },
  },
  {
    line: 5,
    when: 'a contact is linked to this id, and its details differ',
    decide: ({ record, linked, policy }) => {
      if (linked === null) return notLinked;
      if (linked.forcedManual) return forced;
      if (sameDetails(linked, record.details)) return 'the details are equal';
      const changed = identityChanged(linked, record.details);
      if (changed && policy.identityChange === 'hold') {
        return { reason: 'held_identity_change', before: linked, after: linked, flags: ['identity_changed'] };
      }
      return {
        reason: linked.recordType === 'manual' ? 'relinked_updated' : 'updated',
        before: linked,
        after: { ...linked, ...record.details, recordType: 'contact-sync', missingSince: null },
        flags: [...(changed ? (['identity_changed'] as const) : []), ...returned(linked)],
      };
    },
  },
  {
    line: 6,
    when: 'a free manual contact has this name, email and phone',
    decide: ({ source, record, linked, namesakes, free }) => {
      if (linked !== null) return 'a contact is linked to this id';
      if (free === null) {
        const equal = withPhone(namesakes, record.details.phone).filter(isManual);
        if (equal.length === 0) return 'no manual contact has this name, email and phone';
        return `no such contact is free: ${equal.map(({ id }) => id).join(', ')} has another link, or another record took it`;
      }
      return {
        reason: 'matched_profile',
        before: free,
        after: {
          ...free,
          ...(free.forcedManual ? {} : record.details),
          recordType: 'contact-sync',
          link: { source, externalId: record.externalId },
          missingSince: null,
        },
        flags: free.forcedManual ? sourceDiffers(free, record.details) : [],
      };
    },
  },
  {
    line: 7,
    when: 'an external contact has this name, email and phone, and no manual one has',
    decide: (situation) => {
      if (situation.linked !== null) return 'a contact is linked to this id';
      const equal = withPhone(situation.namesakes, situation.record.details.phone);
      if (equal.some(isManual)) return 'a manual contact has this name, email and phone';
      if (!equal.some(isExternal)) return 'no external contact has this name, email and phone';
      return create('created_external_ignored', situation);
    },
  },
  {
    line: 8,
    when: 'a manual contact has this name and email, but another phone, or is not free',
    decide: (situation) => {
      if (situation.linked !== null) return 'a contact is linked to this id';
      if (!situation.namesakes.some(isManual)) return 'no manual contact has this name and email';
      return create('created_partial_match', situation);
    },
  },
  {
    line: 9,
    when: 'nothing matches',
    decide: (situation) => create('created', situation),
  },
];

/** A connection of kind external makes contacts once and never touches them again. It has no place in the table of the rules. */
const externalLines: readonly Line[] = [
  {
    line: 2,
    when: 'an external contact has this link, name, email and phone',
    decide: ({ record, externals }) => {
      // Two of them come from an import only; which is named must not depend on the store.
      const key = matchKey(record.details);
      const equal = externals.filter((external) => matchKey(external) === key);
      const [contact] = equal.sort((a, b) => compareContactIds(a.id, b.id));
      if (contact === undefined) return 'no external contact has them all';
      return { reason: 'kept_external', before: contact, after: contact, flags: [] };
    },
  },
  {
    line: 3,
    when: 'there is none',
    decide: (situation) => {
      const verdict = create('created_external', situation);
      return { ...verdict, after: { ...verdict.after, recordType: 'external' }, flags: [] };
    },
  },
];

function create(reason: Reason, { source, record, namesakes, isMissing, newId }: Situation): Verdict {
  const twin = withPhone(namesakes, record.details.phone).some(
    (contact) => contact.recordType === 'contact-sync' && isMissing(contact),
  );
  return {
    reason,
    before: null,
    after: {
      id: newId(),
      ...record.details,
      recordType: 'contact-sync',
      forcedManual: false,
      link: { source, externalId: record.externalId },
      missingSince: null,
    },
    flags: twin ? ['twin_of_missing'] : [],
  };
}

function isManual({ recordType }: Contact): boolean {
  return recordType === 'manual';
}

function isExternal({ recordType }: Contact): boolean {
  return recordType === 'external';
}

/** Name and email both changed: perhaps the source gave the id to another person. */
function identityChanged(contact: Details, record: Details): boolean {
  return fold(contact.name) !== fold(record.name) && fold(contact.email) !== fold(record.email);
}

function returned({ missingSince }: Contact): Flag[] {
  return missingSince === null ? [] : ['returned'];
}

function sourceDiffers(contact: Details, record: Details): Flag[] {
  return sameDetails(contact, record) ? [] : ['source_differs'];
}
