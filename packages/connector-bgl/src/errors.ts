import { ContactSyncError } from '@contact-sync/core';

export function failure(
  code: ConstructorParameters<typeof ContactSyncError>[0],
  message: string,
  hint: string,
): ContactSyncError {
  return new ContactSyncError(code, message, { hint });
}
