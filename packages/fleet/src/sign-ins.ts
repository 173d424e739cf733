import {
  lookAtGrant,
  newWatched,
  type ServedBook,
  send,
  storedSources,
  type Watched,
} from '@contact-sync/runner/engine';
import type { Working } from './job.js';
import { jobBook } from './job-book.js';
import { type SyncOf, schemas } from './names.js';

type Looking = Pick<Working, 'world' | 'url' | 'cwd' | 'settingsOf' | 'run' | 'telling'>;

/** So many connections that rest are looked at in one go, each once a day: whoever is told has two weeks. */
const most = 100;

/** Sees how the sign-in of a connection stands. Of those that share one, the first tells of it. */
export async function lookAtSignIn(book: ServedBook, watched: Watched, looking: Looking): Promise<void> {
  const { world, run, telling } = looking;
  if (!watched.stored?.signIn) return;
  const connections = new Map([[watched.source, watched]]);
  // Where they cannot be read, each of them tells.
  for (const source of await storedSources(world.vault, book.name).catch(() => [])) {
    if (source === watched.source) continue;
    const other = newWatched(book.name, source, telling.now());
    other.stored = await book.stored(source).catch(() => null);
    connections.set(source, other);
  }
  await lookAtGrant({ ...book, connections }, watched, run, telling);
}

/** The same for those that nobody syncs: a sign-in that is not used ends one day. */
export async function lookAtResting(looking: Looking): Promise<void> {
  const { world, url, cwd, settingsOf, telling } = looking;
  const table = `${schemas.fleet}.connections`;
  const { rows } = await world.pool.query<SyncOf>(
    `UPDATE ${table} SET looked_at = now() WHERE key IN (SELECT key FROM ${table}
       WHERE paused AND (looked_at IS NULL OR looked_at < now() - interval '1 day') ORDER BY looked_at NULLS FIRST LIMIT $1)
     RETURNING book, source`,
    [most],
  );
  for (const { book: name, source } of rows) {
    if (telling.signal.aborted) return;
    const book = jobBook(world, name, settingsOf(name), url, cwd);
    const watched = newWatched(name, source, telling.now());
    // What cannot be read now is looked at again tomorrow, well within the two weeks.
    watched.stored = await book.stored(source).catch(() => null);
    await lookAtSignIn(book, watched, looking);
    if (watched.kept.outbox.length > 0 && telling.sinks.length > 0) await send(book, watched, telling);
  }
}
