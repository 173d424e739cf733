import type { Contact } from '../lib/types.js';
import { Badge } from './badge.js';

/** The words of the record update rules for people. */
export const typeNames: Readonly<Record<Contact['recordType'], string>> = {
  manual: 'Manual',
  'contact-sync': 'Synced',
  external: 'External',
};

/** What is special about a contact, besides its type. */
export function ContactBadges({ contact }: { readonly contact: Contact }) {
  return (
    <>
      {contact.forcedManual ? <Badge kind="match">Forced manual</Badge> : null}
      {contact.missingSince === null ? null : <Badge kind="open">Missing</Badge>}
    </>
  );
}
