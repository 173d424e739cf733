import { canonicalText } from './canonical.js';
import type { Connection, ConnectionState } from './connection.js';
import { type Contact, type Details, type Link, sameContact } from './contact.js';
import { ContactSyncError } from './error.js';
import { emailFault, isBlank, nameFault } from './judge.js';
import { canonicalPhone, isValidPhone } from './phone.js';
import { type Decision, type Plan, type PlanKind, planOf, type Signature } from './plan.js';
import { type Reason, reasons } from './reasons.js';
import { noSuchContact } from './run.js';
import type { ContactStore } from './store.js';

/*
 * What a person does to a book, as plans: each can be looked at before it is applied, is in the history, and can be undone.
 * They are made for the version that the book has now; where it moves on, applying is refused and the plan is made again.
 */

/** The contacts of a source become manual. Link and flag stay, so that reconnecting finds them again. */
export async function planDisconnect(store: ContactStore, source: string, signature: Signature): Promise<Plan> {
  const { version, connections } = await store.head();
  const connection = knownConnection(connections, source);
  if (connection.state === 'disconnected') {
    throw new ContactSyncError('not_found', `${source} is disconnected already.`, { hint: 'There is nothing to do.' });
  }
  const externalIds = [...(await store.links(source)).keys()];
  const contacts = await store.find({ links: { source, externalIds } });
  const decisions = contacts
    .filter(({ recordType }) => recordType === 'contact-sync')
    .map((before) => decisionOf('disconnected', before, { ...before, recordType: 'manual' }));
  return planOf({ kind: 'disconnect', source, base: version, ...signature }, decisions, [
    withState(connection, 'disconnected'),
  ]);
}

/** A paused connection is not synced until it is resumed. */
export async function planPause(store: ContactStore, source: string, signature: Signature): Promise<Plan> {
  return await planState(store, source, 'pause', { from: 'connected', to: 'paused' }, signature);
}

export async function planResume(store: ContactStore, source: string, signature: Signature): Promise<Plan> {
  return await planState(store, source, 'resume', { from: 'paused', to: 'connected' }, signature);
}

async function planState(
  store: ContactStore,
  source: string,
  kind: PlanKind,
  { from, to }: { from: ConnectionState; to: ConnectionState },
  signature: Signature,
): Promise<Plan> {
  const { version, connections } = await store.head();
  const connection = knownConnection(connections, source);
  if (connection.state !== from) {
    throw new ContactSyncError('not_found', `${source} is ${connection.state}, so there is nothing to ${kind}.`, {
      hint: 'See the connections with: contact-sync connections list',
    });
  }
  return planOf({ kind, source, base: version, ...signature }, [], [withState(connection, to)]);
}

/** What a person may want to do to one contact, and is refused for some. */
export type ContactPlan = 'edit' | 'force-manual' | 'link';

/** Why this is not done to this contact, as the plan for it would fail; null where it is. */
export function refusalOf(wanted: ContactPlan, contact: Contact): ContactSyncError | null {
  if (contact.recordType === 'external')
    return readOnly(contact, 'External contacts belong to the integration that made them.');
  if (wanted !== 'edit' || contact.recordType !== 'contact-sync' || contact.forcedManual) return null;
  const instead = `contact-sync contacts force-manual ${contact.id}`;
  return readOnly(contact, `Change it in its source, or take it over first: ${instead}`);
}

function allow(wanted: ContactPlan, contact: Contact): void {
  const refusal = refusalOf(wanted, contact);
  if (refusal !== null) throw refusal;
}

/** A person takes a contact over: a sync may relink it, and does not change its details any more. */
export async function planForceManual(store: ContactStore, id: string, signature: Signature): Promise<Plan> {
  const { version, contact } = await load(store, id);
  allow('force-manual', contact);
  return planOf({ kind: 'force-manual', source: null, base: version, ...signature }, [
    decisionOf('forced_manual', contact, { ...contact, forcedManual: true }),
  ]);
}

/** The next sync makes the contact equal to its source again. */
export async function planRelease(store: ContactStore, id: string, signature: Signature): Promise<Plan> {
  const { version, contact } = await load(store, id);
  return planOf({ kind: 'release', source: null, base: version, ...signature }, [
    decisionOf('released', contact, { ...contact, forcedManual: false }),
  ]);
}

/** Manual and forced-manual contacts only: what is synced is changed in its source. */
export async function planEdit(
  store: ContactStore,
  id: string,
  changes: Partial<Details>,
  region: string,
  signature: Signature,
): Promise<Plan> {
  const { version, contact } = await load(store, id);
  allow('edit', contact);
  const after = { ...contact, ...byHand({ ...contact, ...changes }, region, contact.phone) };
  return planOf({ kind: 'edit', source: null, base: version, ...signature }, [decisionOf('edited', contact, after)]);
}

/** A new manual contact. */
export async function planAdd(
  store: ContactStore,
  details: Details,
  region: string,
  signature: Signature,
): Promise<Plan> {
  const { version, newId } = await store.head();
  const after: Contact = {
    id: newId(),
    ...byHand(details, region),
    recordType: 'manual',
    forcedManual: false,
    link: null,
    missingSince: null,
  };
  return planOf({ kind: 'add', source: null, base: version, ...signature }, [decisionOf('added', null, after)]);
}

/** Links a contact to a record by hand. The contact that had the link becomes manual and loses it. */
export async function planLink(store: ContactStore, id: string, link: Link, signature: Signature): Promise<Plan> {
  const { version, contact } = await load(store, id);
  allow('link', contact);
  // A slip in its name would make a link that no sync ever finds.
  if ((await store.links(link.source)).size === 0) knownConnection((await store.head()).connections, link.source);
  if (isBlank(link.externalId)) {
    throw new ContactSyncError('not_found', 'No record has an empty id.', {
      hint: 'Give the id that the record has in its source; explain and runs show have it.',
    });
  }
  const holders = await store.find({ links: { source: link.source, externalIds: [link.externalId] } });
  // A contact that was synced with another source is not equal to this one before its next sync, which takes it up again.
  const recordType = contact.link?.source === link.source ? contact.recordType : 'manual';
  const decisions = [decisionOf('linked_by_hand', contact, { ...contact, recordType, link, missingSince: null })];
  for (const holder of holders) {
    if (holder.id === id || holder.recordType === 'external') continue;
    decisions.push(
      decisionOf('unlinked_by_hand', holder, { ...holder, recordType: 'manual', link: null, missingSince: null }),
    );
  }
  return planOf({ kind: 'link', source: link.source, base: version, ...signature }, decisions);
}

/** Approves a record that a run held: exactly what the run was shown, on the contact as the run saw it. */
export async function planApproveHeld(
  store: ContactStore,
  runId: string,
  externalId: string,
  signature: Signature,
): Promise<Plan> {
  const { version, connections } = await store.head();
  const { outcome } = await store.run(runId);
  for await (const held of store.decisions(runId)) {
    if (reasons[held.reason].action !== 'hold' || held.externalId !== externalId) continue;
    const { before, says, flags } = held;
    if (before === null || says === null) break;
    const hint = 'Nothing was written. Sync again, and look at what is held then.';
    // What a guard stopped may come from another tenant; it is the plan of that run that can be approved.
    if (outcome === 'blocked' || outcome === 'failed') {
      throw new ContactSyncError('plan_invalid', `Run ${runId} wrote nothing, it is ${outcome}.`, { hint });
    }
    const [contact] = await store.find({ ids: [before.id] });
    if (contact === undefined || !sameContact(contact, before)) {
      throw new ContactSyncError('plan_invalid', `Contact ${before.id} changed since run ${runId} held its record.`, {
        hint,
      });
    }
    // Held at a reconnect, the contact is manual, and disconnecting again leaves no trace on it.
    const connection = connections.find(({ source }) => source === before.link?.source);
    if (connection === undefined || connection.state === 'disconnected') {
      throw new ContactSyncError('plan_invalid', `The source of contact ${before.id} is not connected any more.`, {
        hint,
      });
    }
    const phone = flags.includes('phone_dropped') ? null : says.phone;
    const after: Contact = { ...contact, ...says, phone, recordType: 'contact-sync', missingSince: null };
    return planOf({ kind: 'approve', source: before.link?.source ?? null, base: version, ...signature }, [
      { ...decisionOf('approved', contact, after), externalId },
    ]);
  }
  throw new ContactSyncError('not_found', `Run ${runId} holds no record ${externalId}.`, {
    hint: `See what it holds with: contact-sync runs show ${runId}`,
  });
}

function decisionOf(reason: Reason, before: Contact | null, after: Contact): Decision {
  const externalId = after.link?.externalId ?? null;
  return { reason, externalId, before, after, flags: [], says: null, faults: [], note: null };
}

async function load(store: ContactStore, id: string): Promise<{ version: number; contact: Contact }> {
  const { version } = await store.head();
  const [contact] = await store.find({ ids: [id] });
  if (contact !== undefined) return { version, contact };
  throw noSuchContact(id);
}

function knownConnection(connections: readonly Connection[], source: string): Connection {
  const connection = connections.find((known) => known.source === source);
  if (connection !== undefined) return connection;
  const known = connections.map((one) => one.source).join(', ') || 'none';
  throw new ContactSyncError('not_found', `The book is not connected to ${source}.`, {
    hint: `Its connections: ${known}.`,
  });
}

function withState(connection: Connection, state: ConnectionState) {
  return { before: connection, after: { ...connection, state } };
}

/**
 * What a person typed, canonical. It is held to what a record is held to, and its phone has to be valid, unless it is the
 * one that the contact has already.
 */
function byHand({ name, email, phone }: Details, region: string, phoneBefore: string | null = null): Details {
  const details = { name: canonicalText(name), email: canonicalText(email), phone: canonicalPhone(phone, region) };
  const faults = [nameFault(details.name), emailFault(details.email)].flatMap((fault) =>
    fault === null ? [] : [reasons[fault].sentence],
  );
  if (details.phone !== null && details.phone !== phoneBefore && !isValidPhone(details.phone, region))
    faults.push('The phone number is not valid.');
  if (faults.length === 0) return details;
  throw new ContactSyncError('setting_invalid', faults.join(' '), {
    hint: 'Nothing was written. Correct it and try again.',
  });
}

function readOnly({ id, recordType }: Contact, hint: string): ContactSyncError {
  return new ContactSyncError(
    'contact_read_only',
    `Contact ${id} is of type ${recordType} and cannot be changed here.`,
    { hint },
  );
}
