import type { DatabaseSync } from 'node:sqlite';
import type { Decision } from '@contact-sync/core';
import { changesSince } from '@contact-sync/runner';
import { textOf } from './people.js';
import { peopleStore } from './people-store.js';

/**
 * Tells the rest of the host what became of a firm's people since it was told the last time, whoever did it: a sync, a
 * person, an undo. A process that dies in the middle of a run is told that run again, so telling twice must do no harm.
 */
export async function follow(
  db: DatabaseSync,
  firm: string,
  tell: (change: Decision) => void | Promise<void>,
): Promise<void> {
  const row = db.prepare('SELECT seen FROM sync_books WHERE firm = ?').get(firm);
  for await (const { run, changes } of changesSince(peopleStore(db, firm), textOf(row?.seen))) {
    for await (const change of changes) await tell(change);
    db.prepare('UPDATE sync_books SET seen = ? WHERE firm = ?').run(run.id, firm);
  }
}
