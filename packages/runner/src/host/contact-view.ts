import { type Contact, noSuchContact, refusalOf, sameDetails } from '@contact-sync/core';
import { isOpen } from '../reports/report.js';
import { connectorIfAny, type Inner, storeOf, titleOf } from './inner.js';
import { unsettled } from './review.js';
import type { ContactAction, ContactView } from './types.js';
import { decisionView } from './views.js';
import type { Seen, Waiting } from './waiting.js';

/** All that a page about one contact shows. Fails with `not_found`. */
export async function contactView(inner: Inner, waiting: Waiting, id: string): Promise<ContactView> {
  const store = await storeOf(inner);
  const [contact] = await store.find({ ids: [id] });
  if (contact === undefined) throw noSuchContact(id);
  const seen = contact.link === null ? null : await waiting.of(contact.link.source);
  const about = seen === null ? [] : seen.decisions.filter(isAbout(contact)).map((decision) => ({ ...seen, decision }));
  const open = await unsettled(
    store,
    about.filter(({ decision }) => isOpen(decision)),
  );
  return {
    contact,
    origin: await originOf(inner, contact),
    actions: actionsOn(contact),
    says: saidOf(contact, seen, about),
    open: open.map(({ run, decision }) => ({ run: run.id, decision: decisionView(decision) })),
  };
}

/** By its id or by its record: a record that was rejected may have been nobody's then. */
function isAbout({ id, link }: Contact) {
  return ({ before, after, externalId }: Seen['decisions'][number]) =>
    (after ?? before)?.id === id || (before === null && after === null && externalId === link?.externalId);
}

function saidOf(contact: Contact, seen: Seen | null, about: readonly { decision: Seen['decisions'][number] }[]) {
  const details = about.findLast(({ decision }) => decision.says !== null)?.decision.says;
  if (seen === null || details == null || sameDetails(details, contact)) return null;
  return { details, at: seen.run.at, run: seen.run.id };
}

async function originOf(inner: Inner, { link }: Contact): Promise<ContactView['origin']> {
  if (link === null) return null;
  const { source, externalId } = link;
  const { connections } = await (await storeOf(inner)).head();
  const { name, title } = await titleOf(inner, source);
  const connector = await connectorIfAny(inner, name);
  const settings = inner.book.connections.get(source)?.stored?.settings ?? {};
  return {
    source,
    externalId,
    state: connections.find((known) => known.source === source)?.state ?? null,
    connector: title,
    url: httpsOnly(connector?.recordUrl?.(externalId, settings) ?? null),
  };
}

/** Whatever a connector says, a page gets no other link. */
function httpsOnly(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, href, username } = new URL(url);
  return protocol === 'https:' && username === '' ? href : null;
}

function actionsOn(contact: Contact): ContactView['actions'] {
  const { forcedManual } = contact;
  // Without the hint, which names a command: a page has the way to it beside.
  const refused = (action: 'edit' | 'force-manual' | 'link') => refusalOf(action, contact)?.message ?? null;
  const whyNot: Record<ContactAction, string | null> = {
    edit: refused('edit'),
    'force-manual': refused('force-manual') ?? (forcedManual ? 'It is forced manual already.' : null),
    release: forcedManual ? null : 'It is not forced manual.',
    link: refused('link'),
    forget: null,
  };
  const can = (action: ContactAction) => ({ allowed: whyNot[action] === null, why: whyNot[action] });
  return {
    edit: can('edit'),
    'force-manual': can('force-manual'),
    release: can('release'),
    link: can('link'),
    forget: can('forget'),
  };
}
