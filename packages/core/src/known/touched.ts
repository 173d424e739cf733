import type { Contact } from '../contact.js';

/** Beyond so many in one plan, a store drops what it keeps of a source's rows: reading them all again costs less. */
export const manyTouched = 1000;

/** For stores: the external ids, by source, of contacts that are changed and were or become linked to one of the sources. */
export function touchedLinks(
  changes: Iterable<{ readonly before: Contact | null; readonly after: Contact | null }>,
  sources: ReadonlySet<string>,
): Map<string, Set<string>> {
  const touched = new Map<string, Set<string>>();
  if (sources.size === 0) return touched;
  for (const { before, after } of changes) {
    for (const link of [before?.link, after?.link]) {
      if (!link || !sources.has(link.source)) continue;
      const ids = touched.get(link.source) ?? new Set();
      touched.set(link.source, ids.add(link.externalId));
    }
  }
  return touched;
}
