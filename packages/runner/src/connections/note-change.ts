import { type ContactStore, ContactSyncError, planOf, type Signature } from '@contact-sync/core';

const attempts = 5;

/**
 * A line in the history for what was changed of how a source is read, which is kept beside the book: who did it, when, and
 * what, as `why` says.
 *
 * @throws ContactSyncError what the store throws, with words that say that the change itself is done
 */
export async function noteChange(store: ContactStore, source: string, signature: Signature): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { version } = await store.head();
      await store.apply(planOf({ kind: 'connection', source, base: version, ...signature }, []));
      return;
    } catch (error) {
      if (!ContactSyncError.is(error)) throw error;
      if (error.code === 'store_conflict' && attempt < attempts) continue;
      throw new ContactSyncError(error.code, `It is done, but the history does not have it: ${error.message}`, {
        hint: error.hint,
        cause: error,
      });
    }
  }
}
