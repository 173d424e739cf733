/**
 * The one list of reasons. A reason explains a decision and never steers it: what a decision does is its `before` and
 * `after`. Codes are stable. The documentation, `explain`, reports and pages are made from this list.
 *
 * - `of`: whether the reason is the outcome of a record of the source (each has exactly one), or of a contact.
 * - `line`: the line of the record update rules that decides it.
 * - `action`: what happens to the book, in one word.
 * - `hint`: what a person can do about it, where there is something to do.
 */
export type ReasonInfo = {
  readonly of: 'record' | 'contact';
  readonly line: number | null;
  readonly action:
    | 'reject'
    | 'hold'
    | 'none'
    | 'relink'
    | 'update'
    | 'match'
    | 'create'
    | 'mark'
    | 'import'
    | 'release'
    | 'undo'
    | 'forget';
  readonly sentence: string;
  readonly hint?: string;
};

const inSource = 'Correct it in the source; the next sync takes it up.';

export const reasons = {
  rejected_id_missing: rejected('The row has no id, so it cannot be told from others.', inSource),
  rejected_id_too_long: rejected('The id is longer than 128 characters.', inSource),
  rejected_id_characters: rejected('The id holds control characters.', inSource),
  rejected_name_missing: rejected('There is no name.', 'Enter a name in the source.'),
  rejected_name_too_long: rejected('The name is longer than 200 characters.', 'Shorten the name in the source.'),
  rejected_name_characters: rejected('The name holds control characters.', 'Type the name anew in the source.'),
  rejected_email_missing: rejected('There is no email address.', 'Enter one in the source.'),
  rejected_email_too_long: rejected('The email address is longer than 254 characters.', inSource),
  rejected_email_characters: rejected(
    'The email address holds control characters.',
    'Type the address anew in the source.',
  ),
  rejected_email_several: rejected(
    'The email field holds several addresses.',
    'Keep one address there, and make further contacts for the others.',
  ),
  rejected_email_invalid: rejected('The email field holds no valid address.', inSource),
  rejected_phone_invalid: rejected('The phone number is not valid.', 'Correct or clear it in the source.'),
  rejected_duplicate_id: rejected(
    'Several rows of the read share this id and differ.',
    'Find the rows with this id in the source, and correct or merge them.',
  ),
  rejected_unreadable: rejected('The connector could not read the row.', 'Look the row up in the source.'),
  relinked_forced_manual: {
    of: 'record',
    line: 2,
    action: 'relink',
    sentence: 'Linked by its id and forced manual: it is a synced contact again, its details stay as they are.',
  },
  kept_forced_manual: {
    of: 'record',
    line: 2,
    action: 'none',
    sentence: 'Linked by its id and forced manual: its details stay as they are.',
  },
  unchanged: { of: 'record', line: 3, action: 'none', sentence: 'Linked by its id, and equal to the source.' },
  relinked: {
    of: 'record',
    line: 4,
    action: 'relink',
    sentence: 'Linked by its id and equal to the source: it is a synced contact again.',
  },
  updated: {
    of: 'record',
    line: 5,
    action: 'update',
    sentence: 'Linked by its id: its details become those of the source.',
  },
  relinked_updated: {
    of: 'record',
    line: 5,
    action: 'update',
    sentence: 'Linked by its id: it is a synced contact again, and its details become those of the source.',
  },
  held_identity_change: {
    of: 'record',
    line: 5,
    action: 'hold',
    sentence: 'Linked by its id, but name and email both changed: it waits for a person.',
    hint: 'Find out whether this is still the same person before approving.',
  },
  matched_profile: {
    of: 'record',
    line: 6,
    action: 'match',
    sentence: 'A manual contact has this name, email and phone: it becomes a synced contact.',
  },
  created_external_ignored: {
    of: 'record',
    line: 7,
    action: 'create',
    sentence: 'An external contact has these details and is left alone: a new contact is made beside it.',
  },
  created_partial_match: {
    of: 'record',
    line: 8,
    action: 'create',
    sentence:
      'A manual contact has this name and email, but another phone or another link: it is left alone, a new contact is made.',
  },
  created: { of: 'record', line: 9, action: 'create', sentence: 'Nothing in the book matches: a new contact is made.' },
  duplicate_row: { of: 'record', line: null, action: 'none', sentence: 'The same row came before in this read.' },
  missing: {
    of: 'contact',
    line: null,
    action: 'mark',
    sentence: 'The read is complete and does not contain its record: the contact stays, and is marked.',
    hint: 'Nothing need be done; if the record comes back, the mark goes.',
  },
  created_external: {
    of: 'record',
    line: null,
    action: 'create',
    sentence: 'The connection makes external contacts: a new one is made, and left alone from then on.',
  },
  kept_external: {
    of: 'record',
    line: null,
    action: 'none',
    sentence: 'An external contact with this link and these details is there already.',
  },
  forgotten: {
    of: 'record',
    line: null,
    action: 'none',
    sentence: 'This person was forgotten on request, and is not made again.',
  },
  disconnected: {
    of: 'contact',
    line: null,
    action: 'release',
    sentence: 'Its source was disconnected: it is manual now, and keeps its link for the day the source comes back.',
  },
  forced_manual: {
    of: 'contact',
    line: null,
    action: 'release',
    sentence: 'A person took it over: a sync does not change its details any more.',
  },
  released: {
    of: 'contact',
    line: null,
    action: 'relink',
    sentence: 'A person gave it back: the next sync makes it equal to its source.',
  },
  edited: { of: 'contact', line: null, action: 'update', sentence: 'A person changed it.' },
  added: { of: 'contact', line: null, action: 'create', sentence: 'A person made it.' },
  linked_by_hand: { of: 'contact', line: null, action: 'relink', sentence: 'A person linked it to this record.' },
  unlinked_by_hand: {
    of: 'contact',
    line: null,
    action: 'release',
    sentence: 'A person gave its link to another contact: it is manual now.',
  },
  approved: { of: 'contact', line: null, action: 'update', sentence: 'A person approved what a run had held.' },
  undone: { of: 'contact', line: null, action: 'undo', sentence: 'A person undid what a run had changed.' },
  forgotten_contact: { of: 'contact', line: null, action: 'forget', sentence: 'A person asked to be forgotten.' },
  imported: { of: 'contact', line: null, action: 'import', sentence: 'Loaded from a file.' },
} as const satisfies Record<string, ReasonInfo>;

export type Reason = keyof typeof reasons;

function rejected<const H extends string>(sentence: string, hint: H) {
  return { of: 'record', line: 1, action: 'reject', sentence, hint } as const;
}

/** What else is worth a person's look. A flag changes nothing. */
export const flags = {
  identity_changed: 'Name and email both changed under the same id: it may be another person now.',
  source_differs: 'The contact is forced manual, and the source says something else.',
  phone_dropped: 'The phone number is not valid, and was left out.',
  returned: 'The record was missing from earlier reads and is back.',
  twin_of_missing:
    'A synced contact with these details exists, whose record is missing: perhaps it was made anew in the source.',
  changed_since: 'It was changed since, and is left as it is.',
  equal_details: 'Another record of this read, with another id, has the same details.',
} as const satisfies Record<string, string>;

export type Flag = keyof typeof flags;

export const reasonCodes = Object.keys(reasons) as [Reason, ...Reason[]];
export const flagCodes = Object.keys(flags) as [Flag, ...Flag[]];
