import { ContactSyncError, type ErrorCode } from '@contact-sync/core';

/** `problem` is a clause about the file that quotes nothing of it: `is empty`. */
export function unreadable(problem: string, hint: string): ContactSyncError {
  return failure('source_unreadable', `The file ${problem}.`, `Nothing was written. ${hint}`);
}

export function failure(code: ErrorCode, message: string, hint: string): ContactSyncError {
  return new ContactSyncError(code, message, { hint });
}

/** A column's heading as it may stand in a message: one line, without control characters, at most 60 of them. */
export function quotable(text: string): string {
  const characters = Array.from(text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim());
  return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : characters.join('');
}
