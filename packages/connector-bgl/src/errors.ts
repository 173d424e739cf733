import { ContactSyncError } from '@contact-sync/core';

export function failure(
  code: ConstructorParameters<typeof ContactSyncError>[0],
  message: string,
  hint: string,
): ContactSyncError {
  return new ContactSyncError(code, message, { hint });
}

/** An id of the vendor as it may stand in a message: one line, without control characters, at most 80 of them. */
export function quotable(text: string): string {
  const line = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  const characters = Array.from(line.slice(0, 400));
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : characters.join('');
}
