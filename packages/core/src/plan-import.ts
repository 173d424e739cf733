import type { Connection } from './connection.js';
import type { Contact } from './contact.js';
import { type Decision, type Plan, planOf, type Signature } from './plan.js';

/**
 * A plan that puts contacts into a book as they are. The sources of synced ones count as connected from then on.
 * Applying it fails where an id or a link is taken already.
 */
export function planImport(
  contacts: readonly Contact[],
  options: { base: number; connections?: readonly Connection[] } & Partial<Signature> & Pick<Signature, 'at' | 'actor'>,
): Plan {
  const { base, connections = [], at, actor, why = null } = options;
  const known = new Map(connections.map((connection) => [connection.source, connection]));
  const synced = contacts.flatMap(({ recordType, link }) =>
    recordType === 'contact-sync' && link !== null ? [link.source] : [],
  );
  // A paused connection is connected, and one of kind external stays what it is.
  const changes = [...new Set(synced)].flatMap((source) => {
    const before = known.get(source) ?? null;
    if (before !== null && before.state !== 'disconnected') return [];
    return [{ before, after: { source, kind: before?.kind ?? 'contact-sync', state: 'connected' } as const }];
  });
  return planOf({ kind: 'import', source: null, base, at, actor, why }, contacts.map(imported), changes);
}

function imported(after: Contact): Decision {
  const externalId = after.link?.externalId ?? null;
  return { reason: 'imported', externalId, before: null, after, flags: [], says: null, faults: [], note: null };
}
