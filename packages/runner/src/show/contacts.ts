import type { Contact } from '@contact-sync/core';
import type { Terminal } from '../terminal.js';
import { printable } from './printable.js';
import { table } from './table.js';

export function contactsTable(terminal: Terminal, contacts: readonly Contact[]): string {
  const rows = contacts.map((contact) => [
    contact.id,
    printable(contact.name),
    printable(contact.email),
    printable(contact.phone ?? '–'),
    contact.recordType,
    contact.forcedManual ? 'yes' : 'no',
    contact.link === null ? '–' : printable(contact.link.externalId),
  ]);
  const headings = ['Id', 'Name', 'Email', 'Phone', 'Type', 'Forced manual', 'Metadata'];
  return table(terminal, headings, rows, { shares: [null, 2, 3, null, null, null, 1] });
}

export function contactText(terminal: Terminal, contact: Contact): string {
  const { id, name, email, phone, recordType, forcedManual, link, missingSince } = contact;
  const lines = [
    ['id', id],
    ['name', name],
    ['email', email],
    ['phone', phone ?? '–'],
    ['type', recordType],
    ['forced manual', forcedManual ? 'yes' : 'no'],
    ['source', link?.source ?? '–'],
    ['external id', link?.externalId ?? '–'],
    ['missing since', missingSince ?? '–'],
  ] as const;
  return lines.map(([field, value]) => `${terminal.style('bold', field.padEnd(14))}${printable(value)}\n`).join('');
}
