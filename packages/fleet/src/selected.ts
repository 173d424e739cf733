import type { FirmStatus, Selection } from '@contact-sync/runner/engine';
import { behindSeconds } from './metrics.js';
import { connectionKey } from './names.js';

/** The worst first. */
export const states = [
  'held',
  'retrying',
  'waiting',
  'new',
  'well',
  'paused',
] as const satisfies readonly FirmStatus['state'][];

export const stateSql = `CASE WHEN paused THEN 'paused' WHEN failures > 0 THEN 'held'
  WHEN resume_at > now() THEN 'waiting' WHEN code IS NOT NULL THEN 'retrying'
  WHEN last_at IS NULL THEN 'new' ELSE 'well' END`;

export const isBehindSql = `(NOT paused AND due_at < now() - interval '${behindSeconds} s')`;

/** Which connections are selected: `$1` to `$7` are what `selectedBy` gives; null where any will do. */
export const selectedSql = `($1::text IS NULL OR book = $1) AND ($2::text IS NULL OR starts_with(source, $2))
  AND ($3::text IS NULL OR code = $3)
  AND ($4::text IS NULL OR strpos(lower(book COLLATE "default"), lower($4)) > 0
    OR strpos(lower(source COLLATE "default"), lower($4)) > 0)
  AND ($5::text IS NULL OR ${stateSql} = $5)
  AND ($6::boolean IS NOT TRUE OR ${isBehindSql})
  AND ($7::text[] IS NULL OR key = ANY ($7))`;

export function selectedBy({ book, source, code, text, state, behind, firms }: Selection): readonly unknown[] {
  const any = text === undefined || text.trim() === '';
  return [
    book,
    source,
    code,
    any ? null : text.trim(),
    state ?? null,
    behind ?? false,
    firms?.map(connectionKey) ?? null,
  ];
}
