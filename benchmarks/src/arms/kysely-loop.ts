import type { Kysely } from 'kysely';
import type { Done, Task } from '../arm.ts';
import type { PlainRow } from '../books/plain.ts';
import { linesOf } from '../data/json-lines.ts';
import { source } from '../data/mix.ts';
import { normalised } from './normalised.ts';

export const loopIncludes =
  'Open the database, read, decode and normalise the records (libphonenumber-js), and for each of them look for its contact and write it, all in one transaction. No validation, no history.';

export type Tables = { contacts: Omit<PlainRow, 'forced_manual'> & { forced_manual: boolean | number } };

/** `flag`: how the engine takes truth. */
export async function syncOneByOne(
  database: Kysely<Tables>,
  { input }: Task,
  flag: (value: boolean) => boolean | number,
): Promise<Done> {
  const counts: Record<string, number> = {};
  await database.transaction().execute(async (db) => {
    const newest = await db
      .selectFrom('contacts')
      .select((all) => all.fn.max('id').as('id'))
      .executeTakeFirst();
    let lastId = Number(newest?.id ?? 0);
    for await (const lines of linesOf(input)) {
      for (const line of lines) {
        const { externalId, ...details } = normalised(JSON.parse(line));
        const link = { source, external_id: externalId, record_type: 'contact-sync' } as const;
        const update = (id: number, values: Partial<typeof details>) =>
          db
            .updateTable('contacts')
            .set({ ...link, ...values })
            .where('id', '=', id)
            .execute();
        const decideOne = async (): Promise<string> => {
          const linked = await db
            .selectFrom('contacts')
            .selectAll()
            .where('source', '=', source)
            .where('external_id', '=', externalId)
            .where('record_type', '<>', 'external')
            .executeTakeFirst();
          if (linked !== undefined) {
            const manual = linked.record_type === 'manual';
            const { name, email, phone } = details;
            const equal = linked.name === name && linked.email === email && linked.phone === phone;
            if (linked.forced_manual || equal) {
              if (manual) await update(linked.id, {});
              if (linked.forced_manual) return manual ? 'relinked_forced_manual' : 'kept_forced_manual';
              return manual ? 'relinked' : 'unchanged';
            }
            await update(linked.id, details);
            return manual ? 'relinked_updated' : 'updated';
          }
          const namesakes = await db
            .selectFrom('contacts')
            .selectAll()
            .where('key', '=', details.key)
            .orderBy('id')
            .execute();
          const same = namesakes.filter(({ phone }) => phone === details.phone);
          const free = same.find((contact) => contact.record_type === 'manual' && contact.source === null);
          if (free !== undefined) {
            await update(free.id, details);
            return 'matched_profile';
          }
          lastId += 1;
          await db
            .insertInto('contacts')
            .values({ ...details, ...link, id: lastId, forced_manual: flag(false) })
            .execute();
          if (same.some((contact) => contact.record_type === 'external')) return 'created_external_ignored';
          return namesakes.some((contact) => contact.record_type === 'manual') ? 'created_partial_match' : 'created';
        };
        const reason = await decideOne();
        counts[reason] = (counts[reason] ?? 0) + 1;
      }
    }
  });
  await database.destroy();
  return { counts };
}
