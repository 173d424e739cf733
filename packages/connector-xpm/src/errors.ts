import { ContactSyncError } from '@contact-sync/core';

const answer = 'The answer of Xero Practice Manager';
const again = 'Nothing was written. Try again; if it stays, ask Xero support and give the reference.';

/** `problem` is a clause about the answer that quotes nothing of it: `is empty`. `reference` is Xero's correlation id. */
export function unreadable(problem: string, reference: string | undefined): ContactSyncError {
  return failure('source_unreadable', `${answer} ${problem}.`, again, reference);
}

export function incomplete(characters: number, reference: string | undefined): ContactSyncError {
  const message = `${answer} ends in its middle, after ${characters} characters.`;
  return failure(
    'source_incomplete',
    message,
    'Nothing was written. Try again; the connection was probably cut.',
    reference,
  );
}

export function failure(
  code: ConstructorParameters<typeof ContactSyncError>[0],
  message: string,
  hint: string,
  reference: string | undefined,
): ContactSyncError {
  return new ContactSyncError(code, message, { hint, ...(reference === undefined ? {} : { reference }) });
}
