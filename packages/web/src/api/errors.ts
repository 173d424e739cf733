import { asContactSyncError, ContactSyncError, type ErrorCode, errorCodes } from '@contact-sync/core';
import type { z } from 'zod';
import type { errorSchema } from './schemas.js';

type Status = 400 | 401 | 403 | 404 | 409 | 413 | 421 | 422 | 500 | 502 | 503;

const statuses: Partial<Record<ErrorCode, Status>> = {
  not_signed_in: 401,
  not_allowed: 403,
  request_refused: 403,
  contact_read_only: 403,
  not_found: 404,
  store_conflict: 409,
  plan_invalid: 409,
  connection_paused: 409,
  locked: 409,
  lock_lost: 409,
  cancelled: 409,
  store_busy: 503,
};

/** The status of an error that nobody gave one of its own. */
function statusOf(code: ErrorCode): Status {
  if (code.startsWith('source_')) return 502;
  return statuses[code] ?? (errorCodes[code]?.kind === 'usage' ? 400 : 500);
}

/** An error with a status that its code alone does not tell. */
export class HttpError extends ContactSyncError {
  readonly status: Status;

  constructor(status: Status, code: ErrorCode, message: string, hint: string) {
    super(code, message, { hint });
    this.status = status;
  }
}

export function needsAdministrator(): HttpError {
  return new HttpError(403, 'not_allowed', 'This needs an administrator.', 'Ask an administrator to do it.');
}

/** Of an error what may be shown: never what is behind it. */
export function shownError(thrown: unknown): { status: Status; body: z.output<typeof errorSchema> } {
  const error = asContactSyncError(thrown);
  const { code, message, hint } = error;
  const status = error instanceof HttpError ? error.status : statusOf(code);
  if (code !== 'internal') return { status, body: { error: { code, message, hint } } };
  return { status, body: { error: { code, message, hint: 'The log of the service says more. Please report it.' } } };
}
