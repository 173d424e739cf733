/**
 * The record update rules (docs/rules.md and docs/decisions/0002) a second time: written from those two documents alone,
 * importing nothing of core but types, with loops inside loops and nothing clever, so that it can be checked by reading
 * it beside them from top to bottom (hence one long file). Tests compare the engine with it. Sentences in quotation marks
 * are the rules' own; `is('…')` asks for one of the faults of mutations.ts, and is false but in the test of those.
 */
import type {
  Block,
  Connection,
  ConnectionChange,
  ConnectionKind,
  Contact,
  Counts,
  Decision,
  Details,
  Flag,
  Policy,
  RawRecord,
  Read,
  Reason,
} from '../src/index.js';
import type { Mutation } from './mutations.js';
import { byCodePoint, byContactId, type Judged, type MatchKey, textRules } from './oracle-text.js';

/** Everything a decision can depend on. */
export type World = {
  readonly contacts: readonly Contact[];
  readonly read: Read;
  /** The sources that the caller names as connected. */
  readonly connected: readonly string[];
  /** What the records become; `contact-sync` unless said. */
  readonly kind?: ConnectionKind;
  /** What the book knows of its sources, where it is more than that its `contact-sync` contacts are linked to them. */
  readonly connections?: readonly Connection[];
  /** External ids of the source of the read whose people were forgotten. */
  readonly forgotten?: readonly string[];
  /** The first new id; the lowest above all that are in the book unless said. */
  readonly nextId?: string;
  readonly policy: Policy;
  readonly at: string;
};

/** The one outcome of a record, a row or a missing contact, and the line of the rules that gave it. */
export type Verdict = Decision & { readonly line: number | null };

export type Outcome = {
  /** All of them: records in the order of the read, then rows the connector could not read, then missing contacts. */
  readonly verdicts: readonly Verdict[];
  /** Those that "change, hold, reject or flag" something: what a plan lists. */
  readonly decisions: readonly Decision[];
  readonly counts: Counts;
  readonly blocked: readonly Omit<Block, 'message'>[];
  readonly connections: readonly ConnectionChange[];
  /** The book with the decisions applied, in the order of contact ids. */
  readonly book: readonly Contact[];
};

type Row = {
  readonly raw: RawRecord;
  readonly judged: Judged;
  /** Of rows with one id: `conflict` if any differ, else `first` and `copy`. */
  readonly among: 'first' | 'copy' | 'conflict';
};

export function oracle(world: World, mutation?: Mutation): Outcome {
  const { contacts, read, policy, at, kind = 'contact-sync', connections = [], forgotten = [] } = world;
  const is = (wrong: Mutation): boolean => wrong === mutation;
  const text = textRules(policy, mutation);
  const S = read.source;
  const records = is('external_id_trimmed')
    ? read.records.map((raw) => ({ ...raw, externalId: text.canonical(raw.externalId) }))
    : read.records;
  // A blank id is no id, in a row the connector could not read as in any other.
  const unreadable = read.unreadable.map((row) =>
    row.externalId !== null && text.isBlankId(row.externalId) ? { ...row, externalId: null } : row,
  );
  const rows: Row[] = records.map((raw, index) => ({ raw, judged: text.judge(raw), among: among(raw, index) }));

  // ---- The same id twice in one read ----

  function among(raw: RawRecord, index: number): Row['among'] {
    // "A blank id is never a duplicate."
    if (text.isBlankId(raw.externalId)) return 'first';
    const copies = records.filter((other) => other.externalId === raw.externalId);
    const earlier = records.slice(0, index).filter((other) => other.externalId === raw.externalId);
    if (is('duplicate_id_first_wins')) return earlier.length === 0 ? 'first' : 'copy';
    // "If a row that the connector could not read has a readable id, the readable rows with that id are
    // rejected_duplicate_id too."
    const beside = unreadable.some((row) => row.externalId === raw.externalId);
    if (beside && !is('unreadable_row_is_no_duplicate')) return 'conflict';
    // "before validity is looked at": the mutation looks at it, and sees only the valid ones.
    const compared = is('duplicates_after_validity')
      ? copies.filter((one) => text.judge(one).faults.length === 0)
      : copies;
    // "any difference rejects them all"
    if (compared.some((other) => !sameOnceCanonical(other, raw))) return 'conflict';
    // "Of copies that agree the first in the order of the read is decided."
    return earlier.length === 0 ? 'first' : 'copy';
  }

  /** "Copies are compared as name, email and phone, canonical; a phone that is not valid counts as its canonical text." */
  function sameOnceCanonical(a: RawRecord, b: RawRecord): boolean {
    if (is('duplicates_compared_as_written')) return a.name === b.name && a.email === b.email && a.phone === b.phone;
    return (
      text.canonical(a.name ?? '') === text.canonical(b.name ?? '') &&
      text.canonical(a.email ?? '') === text.canonical(b.email ?? '') &&
      text.phone(a.phone).value === text.phone(b.phone).value
    );
  }

  function isValid(row: Row): boolean {
    return row.among !== 'conflict' && row.judged.faults.length === 0;
  }

  // ---- What is in the read, and what is on a contact ----

  /** Whether the read contains the id, "valid or rejected". */
  function readContains(externalId: string): boolean {
    return (
      records.some((raw) => raw.externalId === externalId) || unreadable.some((row) => row.externalId === externalId)
    );
  }

  /** "a non-external contact is linked to (S, x)" */
  function linkedTo(externalId: string): Contact | null {
    for (const contact of contacts) {
      if (contact.recordType === 'external' && !is('external_is_linked')) continue;
      if (contact.link === null || contact.link.externalId !== externalId) continue;
      if (contact.link.source === S || is('link_of_any_source')) return contact;
    }
    return null;
  }

  /** "Connected sources are those that a contact-sync contact is linked to, those the caller names, and S." */
  function isConnected(source: string): boolean {
    if (is('other_source_is_never_free')) return true;
    if (source === S) return true;
    if (world.connected.includes(source)) return true;
    // "a source that is no longer connected to this book (a paused connection is still connected)"
    const known = connections.find((connection) => connection.source === source);
    if (known?.state === 'connected') return true;
    if (known?.state === 'paused' && !is('paused_source_is_free')) return true;
    if (known?.state === 'disconnected' && is('disconnected_source_is_not_free')) return true;
    return contacts.some((contact) => contact.recordType === 'contact-sync' && contact.link?.source === source);
  }

  /** "A manual contact is free if …, and if no other record of this read took it" (the taken ones are looked at later). */
  function isFree(contact: Contact): boolean {
    if (contact.recordType === 'external' && is('external_is_converted')) return true;
    if (contact.recordType === 'contact-sync' && is('contact_sync_taken_by_line6')) return true;
    if (contact.recordType !== 'manual') return false;
    // "it has no link"
    if (contact.link === null) return true;
    // "or a link to another source that is no longer connected to this book"
    if (contact.link.source !== S) return !isConnected(contact.link.source);
    // "or a link to an id of S that this read does not contain, valid or rejected"
    if (is('absent_id_is_not_free')) return false;
    const { externalId } = contact.link;
    if (is('rejected_id_is_free')) return !rows.some((row) => isValid(row) && row.raw.externalId === externalId);
    return !readContains(externalId);
  }

  // ---- Flags ----

  /** "two different ids with equal details": canonical, "after an invalid phone was dropped, among the valid records" */
  function hasEqual(row: Row): boolean {
    return rows.some((other) => {
      if (other.raw.externalId === row.raw.externalId) return false;
      if (!isValid(other) && !is('equal_details_with_rejected')) return false;
      if (is('equal_details_by_match_key')) return sameKey(other.judged.details, row.judged.details);
      return equal(other.judged.details, row.judged.details);
    });
  }

  /** "a contact-sync contact of equal match key exists whose record is missing" */
  function hasMissingTwin(details: Details): boolean {
    if (is('twin_not_flagged')) return false;
    return contacts.some((contact) => {
      if (contact.recordType !== 'contact-sync' || !sameKey(contact, details)) return false;
      if (contact.link === null) return false;
      if (is('twin_only_if_marked')) return contact.missingSince !== null;
      if (is('twin_of_returned') && contact.missingSince !== null) return true;
      // "its link is of S and the read does not contain its id"
      if (contact.link.source === S) return !readContains(contact.link.externalId);
      // "or its link is of another source and its missingSince is set"
      return contact.missingSince !== null;
    });
  }

  function sameKey(a: Details, b: Details): boolean {
    const left = text.matchKey(a);
    const right = text.matchKey(b);
    return left.name === right.name && left.email === right.email && samePhone(left, right);
  }

  function samePhone(a: MatchKey, b: MatchKey): boolean {
    // "An empty phone equals an empty phone."
    if (is('line6_ignores_empty_phone') && (a.phone === null || b.phone === null)) return false;
    return a.phone === b.phone;
  }

  function flagsOf(row: Row): Flag[] {
    const flags: Flag[] = [];
    if (row.judged.phoneDropped) flags.push('phone_dropped');
    if (hasEqual(row)) flags.push('equal_details');
    return flags;
  }

  // ---- People who were forgotten, and connections of kind external (docs/rules.md §3) ----

  /** "a hash of the link stays, so that the next sync does not create the person again": where nobody has the link. */
  function isForgotten(externalId: string | null): boolean {
    if (externalId === null || is('forgotten_comes_back') || !forgotten.includes(externalId)) return false;
    if (kind === 'external' || is('forgotten_beats_a_link')) return true;
    return linkedTo(externalId) === null;
  }

  /** Nothing of the row is listed, its faults neither: the history shall hold nothing of the person. */
  function passedOver(reason: 'forgotten' | 'duplicate_row', externalId: string | null): Verdict {
    const nothing = { before: null, after: null, flags: [], says: null, faults: [], note: null };
    return { line: null, reason, externalId, ...nothing };
  }

  /** "a record becomes a new external contact unless one with this link and an equal match key is there already" */
  function external(row: Row): Verdict {
    const r = row.judged.details;
    const link = { source: S, externalId: row.raw.externalId };
    const there = contacts.filter(
      (contact) =>
        (contact.recordType === 'external' || is('external_kept_for_any_type')) &&
        contact.link?.source === S &&
        contact.link.externalId === row.raw.externalId &&
        (sameKey(contact, r) || is('external_kept_by_link_alone')),
    );
    const kept = oldest(there);
    // "nothing is ever updated"
    if (kept !== undefined) return verdict(null, 'kept_external', row, kept, kept, flagsOf(row));
    const recordType = is('external_makes_synced') ? 'contact-sync' : 'external';
    const made: Contact = { id: '', ...r, recordType, forcedManual: false, link, missingSince: null };
    return verdict(null, 'created_external', row, null, made, flagsOf(row));
  }

  // ---- Line 1 ----

  /** "nothing changes, not even type or missingSince"; "shown as before and after of the rejection, unchanged" */
  function reject(row: Row, faults: readonly Reason[]): Verdict {
    const { externalId } = row.raw;
    // "null where the record has no id"
    const id = text.isBlankId(externalId) ? null : externalId;
    return rejection(id, faults, said(row), null);
  }

  /** "What the source says, canonical": with a phone that is not valid, which stays text. */
  function said({ raw, judged }: Row): Details {
    return { ...judged.details, phone: text.phone(raw.phone).value };
  }

  function rejection(
    externalId: string | null,
    faults: readonly Reason[],
    what: Details | null,
    note: string | null,
  ): Verdict {
    const [reason] = faults;
    if (reason === undefined) throw new Error('a rejection without a fault');
    // What is linked to a source of kind external is not kept equal to it: no contact is named.
    const contact = externalId === null || kind === 'external' ? null : linkedTo(externalId);
    const says = what !== null && contact !== null && equal(contact, what) ? null : what;
    return { line: 1, reason, externalId, before: contact, after: contact, flags: [], says, faults, note };
  }

  // ---- Lines 2 to 5: "every record whose id is already on a contact" ----

  function firstPass(row: Row, before: Contact): Verdict {
    const r = row.judged.details;
    const flags = flagsOf(row);
    const wasManual = before.recordType === 'manual';
    // "when the record is back, lines 2–5 clear it and flag returned"
    const back: Flag[] = before.missingSince === null ? [] : ['returned'];
    const missingSince = is('returned_stays_missing') ? before.missingSince : null;
    const synced: Contact = { ...before, recordType: 'contact-sync', missingSince };

    // Line 2: "is linked to (S, x) and is forced manual"
    if (before.forcedManual) {
      // "type becomes contact-sync, flag stays, details untouched"
      let after = is('line2_stays_manual') ? { ...synced, recordType: before.recordType } : synced;
      if (is('line2_updates_details')) after = { ...after, ...r };
      if (is('line2_clears_flag')) after = { ...after, forcedManual: false };
      // "A forced-manual contact whose source now says something else is flagged source_differs"
      const differs: Flag[] = equal(before, r) || is('line2_silent_difference') ? [] : ['source_differs'];
      const reason = wasManual ? 'relinked_forced_manual' : 'kept_forced_manual';
      return verdict(2, reason, row, before, after, [...flags, ...back, ...differs]);
    }

    const detailsEqual = is('line3_compares_match_keys') ? sameKey(before, r) : equal(before, r);
    // Line 3: "not forced, details equal, already contact-sync: nothing is written" ("line 3 then writes" missingSince)
    if (detailsEqual && !wasManual) return verdict(3, 'unchanged', row, before, synced, [...flags, ...back]);

    // Line 4: "not forced, details equal, manual: type becomes contact-sync"
    if (detailsEqual) {
      const after = is('line4_stays_manual') ? { ...synced, recordType: before.recordType } : synced;
      return verdict(4, 'relinked', row, before, after, [...flags, ...back]);
    }

    // Line 5: "not forced, details differ"
    // "name and email both changed by match key: applied by line 5 and flagged identity_changed; the policy
    // identityChange: 'hold' holds it instead. A held record changes nothing"
    const identity: Flag[] = identityChanged(before, r) ? ['identity_changed'] : [];
    const holds =
      policy.identityChange === 'hold' && !is('hold_is_ignored') && !(wasManual && is('hold_spares_manual'));
    if (identity.length > 0 && holds) {
      return verdict(5, 'held_identity_change', row, before, before, [...flags, ...identity]);
    }
    // "type becomes contact-sync; name, email and phone become r's, an emptied phone too"
    let after: Contact = { ...synced, ...r };
    if (is('line5_keeps_name')) after = { ...after, name: before.name };
    if (is('empty_phone_keeps_old') && r.phone === null) after = { ...after, phone: before.phone };
    const reason = wasManual ? 'relinked_updated' : 'updated';
    return verdict(5, reason, row, before, after, [...flags, ...back, ...identity]);
  }

  function identityChanged(before: Details, r: Details): boolean {
    const exactly = is('identity_compared_exactly');
    const name = exactly ? before.name !== r.name : text.matchKey(before).name !== text.matchKey(r).name;
    const email = exactly ? before.email !== r.email : text.matchKey(before).email !== text.matchKey(r).email;
    return is('identity_when_one_changed') ? name || email : name && email;
  }

  // ---- Lines 6 to 9: "then the rest, which see the book as it was before the run" ----

  function secondPass(row: Row, book: readonly Contact[], taken: string[]): Verdict {
    const r = row.judged.details;
    const link = { source: S, externalId: row.raw.externalId };
    const flags = flagsOf(row);

    // Line 6: "name, email and phone equal, by match key, those of one or more free manual contacts"
    const candidates = book
      .filter((contact) => isFree(contact) && fits(contact, r))
      .filter((contact) => !(contact.forcedManual && is('line6_skips_forced')))
      .filter((contact) => !taken.includes(contact.id) || is('line6_takes_twice'));
    const externalEqual = book.some((contact) => contact.recordType === 'external' && sameKey(contact, r));
    const before = is('line7_before_line6') && externalEqual ? undefined : oldest(candidates);
    if (before !== undefined) {
      // "and is no longer free"
      taken.push(before.id);
      // "becomes contact-sync, linked to (S, x), with r's canonical values (its own if forced manual)"
      const own = (before.forcedManual && !is('line6_updates_forced')) || is('line6_keeps_own_details');
      const details: Details = own ? detailsOf(before) : r;
      const after: Contact = { ...before, ...details, recordType: 'contact-sync', link, missingSince: null };
      // "A forced-manual contact that line 6 takes is flagged source_differs where its canonical details differ"
      const differs: Flag[] = before.forcedManual && !equal(before, r) ? ['source_differs'] : [];
      return verdict(6, 'matched_profile', row, before, after, [...flags, ...differs]);
    }

    // The id is given later: "New ids rise in source order."
    const made: Contact = { id: '', ...r, recordType: 'contact-sync', forcedManual: false, link, missingSince: null };
    // "a new contact equal to one whose record is missing is flagged twin_of_missing"
    if (hasMissingTwin(r)) flags.push('twin_of_missing');

    const manual = book.filter((contact) => contact.recordType === 'manual');
    // Line 8: "name and email equal a manual contact's but the phone differs, or the contact is not free"
    const partial = manual.find((contact) => sameNameAndEmail(contact, r));
    const line8 = (): Verdict =>
      partial !== undefined && is('partial_match_converts')
        ? verdict(
            8,
            'created_partial_match',
            row,
            partial,
            { ...partial, ...r, recordType: 'contact-sync', link },
            flags,
          )
        : verdict(8, 'created_partial_match', row, null, made, flags);
    if (partial !== undefined && is('line8_before_line7')) return line8();

    // Line 7: "they equal those of an external contact and of no manual one"
    const manualEqual = manual.some((contact) => sameKey(contact, r)) && !is('line7_despite_manual');
    if (externalEqual && !manualEqual) return verdict(7, 'created_external_ignored', row, null, made, flags);
    if (partial !== undefined) return line8();

    // Line 9: "nothing matches"
    return verdict(9, 'created', row, null, made, flags);
  }

  function fits(contact: Contact, r: Details): boolean {
    if (is('line6_ignores_phone')) return sameNameAndEmail(contact, r);
    if (is('line6_compares_exactly')) return equal(contact, r);
    return sameKey(contact, r);
  }

  function sameNameAndEmail(a: Details, b: Details): boolean {
    return text.fold(a.name) === text.fold(b.name) && text.fold(a.email) === text.fold(b.email);
  }

  /** "the oldest of them (lowest id)" */
  function oldest(candidates: readonly Contact[]): Contact | undefined {
    const order = is('ids_compare_as_text') ? byCodePoint : byContactId;
    const sorted = [...candidates].sort((a, b) => order(a.id, b.id));
    return is('line6_takes_highest_id') ? sorted.at(-1) : sorted[0];
  }

  function verdict(
    line: number | null,
    reason: Reason,
    row: Row,
    before: Contact | null,
    after: Contact,
    flags: readonly Flag[],
  ): Verdict {
    // "What the source says; null where `after` says the same."
    const says = equal(after, said(row)) ? null : said(row);
    return { line, reason, externalId: row.raw.externalId, before, after, flags, says, faults: [], note: null };
  }

  // ---- The run ----

  const verdicts: (Verdict | undefined)[] = rows.map(() => undefined);

  // "first every record whose id is already on a contact (lines 1–5)"
  rows.forEach((row, index) => {
    const { externalId } = row.raw;
    if (row.among !== 'copy' && isForgotten(externalId)) verdicts[index] = passedOver('forgotten', externalId);
    else if (row.among === 'conflict') verdicts[index] = reject(row, ['rejected_duplicate_id']);
    // "the further copies are counted as duplicate_row"
    else if (row.among === 'copy') verdicts[index] = passedOver('duplicate_row', externalId);
    else if (row.judged.faults.length > 0) verdicts[index] = reject(row, row.judged.faults);
    else if (kind === 'external') verdicts[index] = external(row);
    else {
      const contact = linkedTo(externalId);
      if (contact === null) return;
      const lookalike = contacts.some((other) => isFree(other) && sameKey(other, row.judged.details));
      if (is('link_does_not_beat_lookalike') && lookalike) return;
      verdicts[index] = firstPass(row, contact);
    }
  });

  // "Records with equal match keys take free contacts in the order of their external ids (code points), so the order
  // of the read does not matter."
  const rest = rows.map((row, index) => ({ row, index })).filter(({ index }) => verdicts[index] === undefined);
  if (is('line6_orders_by_utf16')) rest.sort((a, b) => (a.row.raw.externalId < b.row.raw.externalId ? -1 : 1));
  else if (!is('line6_in_read_order')) rest.sort((a, b) => byCodePoint(a.row.raw.externalId, b.row.raw.externalId));
  const seen = is('second_pass_sees_the_first') ? applied(contacts, decided(verdicts)) : contacts;
  const taken: string[] = [];
  for (const { row, index } of rest) verdicts[index] = secondPass(row, seen, taken);

  // "New ids rise in source order."
  const inOrder = verdicts.map((_, index) => index);
  if (is('new_ids_in_id_order')) {
    inOrder.sort((a, b) => byCodePoint(rows[a]?.raw.externalId ?? '', rows[b]?.raw.externalId ?? ''));
  }
  let id = world.nextId === undefined ? firstNewId(contacts) : BigInt(world.nextId);
  for (const index of inOrder) {
    const made = verdicts[index];
    if (made === undefined || made.before !== null || made.after === null) continue;
    verdicts[index] = { ...made, after: { ...made.after, id: String(id) } };
    id += 1n;
  }

  for (const row of unreadable) {
    if (isForgotten(row.externalId)) verdicts.push(passedOver('forgotten', row.externalId));
    else verdicts.push(rejection(row.externalId, ['rejected_unreadable'], null, `${row.where}: ${row.problem}`));
  }

  // ---- Missing ----

  /** "If a rejected row had no readable id, nobody becomes missing in that run." */
  const someIdUnknown =
    !is('missing_on_unreadable_without_id') &&
    (unreadable.some((row) => row.externalId === null) || records.some((raw) => text.isBlankId(raw.externalId)));

  /** "contact-sync contacts of S, forced manual or not" */
  const synced = contacts.filter((contact) => contact.recordType === 'contact-sync' && contact.link?.source === S);
  for (const contact of [...synced].sort((a, b) => byCodePoint(a.link?.externalId ?? '', b.link?.externalId ?? ''))) {
    const externalId = contact.link?.externalId ?? '';
    if (someIdUnknown) continue;
    // Of a connection of kind external: "nothing is ever … missing".
    if (kind === 'external') continue;
    // "whose external id the read does not contain": a rejected or held record's contact "does not count as missing"
    const contained = is('rejected_is_missing')
      ? rows.some((row) => isValid(row) && row.raw.externalId === externalId)
      : readContains(externalId);
    if (contained) continue;
    // "and whose missingSince is still empty"
    if (contact.missingSince !== null && !is('missing_again')) continue;
    if (contact.forcedManual && is('missing_only_unforced')) continue;
    const nothing = { flags: [], says: null, faults: [], note: null };
    const after = { ...contact, missingSince: at };
    verdicts.push({ line: null, reason: 'missing', externalId, before: contact, after, ...nothing });
  }

  // ---- Counts and guards ----

  const all = decided(verdicts);
  const blocked: Omit<Block, 'message'>[] = [];
  const guard = (code: Block['guard'], count: number) => blocked.push({ guard: code, count, of: synced.length });

  // "source_empty: a complete read yields no valid record while the book has contact-sync contacts of S."
  const nothingValid = is('source_empty_only_without_rows') ? rows.length === 0 : !rows.some(isValid);
  if (nothingValid && synced.length > 0) guard('source_empty', synced.length);
  // "many_missing, many_changed: more than 30 % of the contact-sync contacts of S, and more than 5, would go missing,
  // or change by line 5. Thresholds are settings."
  const missing = all.filter((one) => one.reason === 'missing').length;
  if (isMany(missing, policy.manyMissing)) guard('many_missing', missing);
  const changed = all.filter(
    (one) => one.reason === 'updated' || (one.reason === 'relinked_updated' && is('guard_counts_relinked')),
  ).length;
  if (isMany(changed, policy.manyChanged)) guard('many_changed', changed);
  // "tenant_changed: the connection now answers as another tenant than the one it was made for."
  const tenant = S.slice(S.indexOf(':') + 1);
  if (read.tenant !== null && read.tenant !== tenant && !is('any_tenant_will_do'))
    guard('tenant_changed', synced.length);

  /** "Shares are compared exactly: 30 % of 10 is not more than 30 %." In millionths, which are whole numbers. */
  function isMany(count: number, share: number): boolean {
    const part = count * 1_000_000;
    const limit = Math.round(share * 1_000_000) * synced.length;
    if (is('guard_at_the_share')) return part >= limit && count > policy.atLeast;
    return part > limit && (count > policy.atLeast || is('guard_share_alone'));
  }

  // "connect, sync": the first sync of a source connects it, and the first after a disconnect does so again. A paused
  // connection "is still connected", and stays paused.
  const before = connections.find((connection) => connection.source === S) ?? null;
  const wasSynced = synced.length > 0;
  const connects = before === null ? !wasSynced : before.state === 'disconnected' || isResumed(before);
  const after: Connection = { source: S, kind, state: 'connected' };

  function isResumed({ state }: Connection): boolean {
    return state === 'paused' && is('paused_is_resumed');
  }

  const skippedRows = Object.values(read.skipped).reduce((sum, n) => sum + n, 0);
  const counts: Counts = {
    // "Counts add up from what was on the wire, rows that a setting filtered out included."
    rows: records.length + unreadable.length + (is('skipped_rows_not_counted') ? 0 : skippedRows),
    reasons: tally(all.map((one) => one.reason)),
    flags: tally(all.flatMap((one) => one.flags)),
    skipped: read.skipped,
  };
  const decisions = all.filter(isListed).map(({ line: _, ...decision }) => decision);
  const changes = connects ? [{ before, after }] : [];
  return { verdicts: all, decisions, counts, blocked, connections: changes, book: applied(contacts, all) };
}

/** A plan "lists what changes, is held, rejected or flagged, and counts the rest". */
function isListed(one: Verdict): boolean {
  if (one.line === 1 || one.reason === 'held_identity_change' || one.reason === 'missing') return true;
  return one.flags.length > 0 || JSON.stringify(one.before) !== JSON.stringify(one.after);
}

function decided(verdicts: readonly (Verdict | undefined)[]): Verdict[] {
  return verdicts.filter((one) => one !== undefined);
}

/** The first id that is a number above all others. */
function firstNewId(contacts: readonly Contact[]): bigint {
  let highest = 0n;
  for (const { id } of contacts) if (/^[0-9]+$/.test(id) && BigInt(id) > highest) highest = BigInt(id);
  return highest + 1n;
}

function applied(contacts: readonly Contact[], verdicts: readonly Verdict[]): Contact[] {
  const book = [...contacts];
  for (const { before, after } of verdicts) {
    if (after === null) continue;
    const place = before === null ? -1 : book.findIndex((contact) => contact.id === before.id);
    if (place === -1) book.push(after);
    else if (JSON.stringify(before) !== JSON.stringify(after)) book[place] = after;
  }
  return book.sort((a, b) => byContactId(a.id, b.id));
}

function tally<T extends string>(codes: readonly T[]): Partial<Record<T, number>> {
  const result: Partial<Record<T, number>> = {};
  for (const code of codes) result[code] = (result[code] ?? 0) + 1;
  return result;
}

/** "Equal, differ compare canonical details exactly." */
function equal(a: Details, b: Details): boolean {
  return a.name === b.name && a.email === b.email && a.phone === b.phone;
}

function detailsOf({ name, email, phone }: Details): Details {
  return { name, email, phone };
}
