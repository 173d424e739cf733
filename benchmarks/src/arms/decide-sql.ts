/**
 * The rules as one SELECT, for SQLite, PostgreSQL and DuckDB: `staged` and `contacts` give a reason and a contact for every
 * record. Each join compares nothing but columns, so that every engine may join by hashing: the obvious way, a condition
 * on one join inside of the next, is ten to twenty times slower in DuckDB. It leaves out what the mixes do not have
 * (several free contacts for one record, other connections, contacts that were missing).
 */
export const decide = (source: string) => `
  SELECT staged.seq, staged.external_id, staged.name, staged.email, staged.phone, staged.key,
    coalesce(linked.id, free.id) AS contact,
    CASE
      WHEN linked.id IS NOT NULL THEN CASE
        WHEN linked.forced_manual THEN
          CASE linked.record_type WHEN 'manual' THEN 'relinked_forced_manual' ELSE 'kept_forced_manual' END
        WHEN linked.name = staged.name AND linked.email = staged.email AND linked.phone IS NOT DISTINCT FROM staged.phone
          THEN CASE linked.record_type WHEN 'manual' THEN 'relinked' ELSE 'unchanged' END
        ELSE CASE linked.record_type WHEN 'manual' THEN 'relinked_updated' ELSE 'updated' END
      END
      WHEN free.id IS NOT NULL THEN 'matched_profile'
      WHEN external.key IS NOT NULL THEN 'created_external_ignored'
      WHEN namesake.key IS NOT NULL THEN 'created_partial_match'
      ELSE 'created'
    END AS reason
  FROM staged
  LEFT JOIN (SELECT * FROM contacts WHERE source = '${source}' AND record_type <> 'external') AS linked
    ON linked.external_id = staged.external_id
  LEFT JOIN (
    SELECT min(id) AS id, key, coalesce(phone, '') AS phone FROM contacts
    WHERE record_type = 'manual' AND source IS NULL GROUP BY 2, 3
  ) AS free ON free.key = staged.key AND free.phone = coalesce(staged.phone, '')
  LEFT JOIN (
    SELECT DISTINCT key, coalesce(phone, '') AS phone FROM contacts WHERE record_type = 'external'
  ) AS external ON external.key = staged.key AND external.phone = coalesce(staged.phone, '')
  LEFT JOIN (SELECT DISTINCT key FROM contacts WHERE record_type = 'manual') AS namesake ON namesake.key = staged.key`;

/** Reasons after which the contact is what it was. */
export const untouched = "('unchanged', 'kept_forced_manual')";
/** Reasons after which the contact keeps its details. */
export const detailsKept = "('relinked_forced_manual', 'relinked')";

export const countReasons = 'SELECT reason, count(*) AS n FROM decided GROUP BY reason';

export function countsOf(rows: readonly unknown[]): Record<string, number> {
  return Object.fromEntries(
    (rows as { reason: string; n: number | bigint | string }[]).map(({ reason, n }) => [reason, Number(n)]),
  );
}
