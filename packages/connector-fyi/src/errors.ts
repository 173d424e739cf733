import { ContactSyncError, type ErrorCode } from '@contact-sync/core';

export const again = 'Nothing was written. Try again in a while.';

export function failure(code: ErrorCode, message: string, hint: string): ContactSyncError {
  return new ContactSyncError(code, message, { hint });
}

/** An answer that is JSON, and not what api.ts says. `problem` is a clause that quotes nothing but names of fields. */
export function unknownShape(problem: string): ContactSyncError {
  return failure(
    'source_unreadable',
    `The answer of FYI is not as api.ts of @contact-sync/connector-fyi takes it to be: ${problem}.`,
    'FYI publishes no document of its API. Compare the answer with "What it takes to be true" in the README of ' +
      '@contact-sync/connector-fyi, and report the difference. Nothing was written.',
  );
}

/** Names of fields as a message may show them: a key that is no name may be somebody's. */
export function namesOf(keys: Iterable<string>): string {
  const names = [...new Set(keys)].filter((key) => /^[a-z_]\w{0,29}$/i.test(key));
  const shown = names.slice(0, 20).join(', ');
  if (shown === '') return 'it has no fields with names';
  return `it has ${shown}${names.length > 20 ? ', …' : ''}`;
}
