import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { type Contact, type ContactQuery, fingerprint, nameEmailKey, recordTypes } from '@contact-sync/core';

type Row = Record<string, SQLOutputValue>;

/** The host's people, as contacts of a firm. */
export function peopleOf(db: DatabaseSync, firm: string) {
  const select = `SELECT id, full_name, email, mobile, record_type, forced_manual, source, external_id, missing_since
    FROM people WHERE firm = ?`;
  const statements = {
    all: db.prepare(select),
    byId: db.prepare(`${select} AND id = ?`),
    byLink: db.prepare(`${select} AND source = ? AND external_id = ?`),
    byKey: db.prepare(`${select} AND name_email_key = ?`),
    links: db.prepare(`SELECT external_id, fingerprint FROM people
      WHERE firm = ? AND source = ? AND record_type <> 'external'`),
    unlink: db.prepare('UPDATE people SET source = NULL, external_id = NULL WHERE firm = ? AND id = ?'),
    remove: db.prepare('DELETE FROM people WHERE firm = ? AND id = ?'),
    // Columns that are the host's own stay as they are.
    put: db.prepare(`INSERT INTO people (firm, id, full_name, email, mobile, record_type, forced_manual, source,
        external_id, missing_since, name_email_key, fingerprint)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (firm, id) DO UPDATE SET full_name = excluded.full_name, email = excluded.email,
        mobile = excluded.mobile, record_type = excluded.record_type, forced_manual = excluded.forced_manual,
        source = excluded.source, external_id = excluded.external_id, missing_since = excluded.missing_since,
        name_email_key = excluded.name_email_key, fingerprint = excluded.fingerprint`),
  };
  const byId = (id: string) => statements.byId.all(firm, id).map(contactOf)[0];

  return {
    byId,
    all: () => statements.all.all(firm).map(contactOf),
    links: (source: string) => statements.links.all(firm, source),
    unlink: (id: string) => statements.unlink.run(firm, id),
    remove: (id: string) => statements.remove.run(firm, id),

    find({ ids = [], links, nameEmailKeys = [] }: ContactQuery): Contact[] {
      const rows = [
        ...ids.flatMap((id) => statements.byId.all(firm, id)),
        ...(links?.externalIds ?? []).flatMap((id) => statements.byLink.all(firm, links?.source ?? '', id)),
        ...nameEmailKeys.flatMap((key) => statements.byKey.all(firm, key)),
      ];
      return [...new Map(rows.map(contactOf).map((contact) => [contact.id, contact])).values()];
    },

    put(contact: Contact): void {
      const { id, name, email, phone, recordType, forcedManual, link, missingSince } = contact;
      const linked = [link?.source ?? null, link?.externalId ?? null];
      const type = [recordType, forcedManual ? 1 : 0];
      const made = [nameEmailKey(contact), fingerprint(contact)];
      statements.put.run(firm, id, name, email, phone, ...type, ...linked, missingSince, ...made);
    },
  };
}

function contactOf(row: Row): Contact {
  const [source, externalId] = [textOf(row.source), textOf(row.external_id)];
  return {
    id: String(row.id),
    name: String(row.full_name),
    email: String(row.email),
    phone: textOf(row.mobile),
    recordType: recordTypes.find((type) => type === row.record_type) ?? 'manual',
    forcedManual: row.forced_manual === 1,
    link: source === null || externalId === null ? null : { source, externalId },
    missingSince: textOf(row.missing_since),
  };
}

export function textOf(value: SQLOutputValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
