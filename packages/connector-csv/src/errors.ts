import { ContactSyncError, type ErrorCode } from '@contact-sync/core';

/** `problem` is a clause about the file that quotes nothing of it: `is empty`. */
export function unreadable(problem: string, hint: string): ContactSyncError {
  return failure('source_unreadable', `The file ${problem}.`, `Nothing was written. ${hint}`);
}

export function failure(code: ErrorCode, message: string, hint: string): ContactSyncError {
  return new ContactSyncError(code, message, { hint });
}
