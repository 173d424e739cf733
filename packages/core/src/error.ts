/**
 * Every error a person can meet has one of these codes. A code is never renamed or reused: scripts and alerts
 * depend on it. `usage` errors are mended by changing what was asked for, `failure` errors by mending something else.
 */
export const errorCodes = {
  usage: { kind: 'usage', title: 'The command was not understood' },
  setting_missing: { kind: 'usage', title: 'A setting is missing' },
  setting_invalid: { kind: 'usage', title: 'A setting has a value that cannot be used' },
  connector_missing: { kind: 'usage', title: 'The connector is not installed' },
  connector_broken: { kind: 'usage', title: 'The package is not a connector' },
  import_invalid: { kind: 'usage', title: 'The file to import has faults' },
  contact_read_only: { kind: 'usage', title: 'The contact is read-only' },
  connection_paused: { kind: 'usage', title: 'The connection is paused' },
  not_found: { kind: 'usage', title: 'There is no such thing in this book' },
  not_signed_in: { kind: 'usage', title: 'Nobody is signed in' },
  not_allowed: { kind: 'usage', title: 'This person may not do this' },
  request_refused: { kind: 'usage', title: 'The request did not come from the page' },

  source_unreachable: { kind: 'failure', title: 'The system could not be reached' },
  source_unavailable: { kind: 'failure', title: 'The system answered that it cannot work now' },
  source_timeout: { kind: 'failure', title: 'The system took too long' },
  source_unauthorized: { kind: 'failure', title: 'The system did not accept the access token' },
  source_reconnect: { kind: 'failure', title: 'The connection must be made anew' },
  source_forbidden: { kind: 'failure', title: 'The system refused access' },
  source_rate_limited: { kind: 'failure', title: 'The limit of requests is used up' },
  source_refused: { kind: 'failure', title: 'The system refused the request' },
  source_redirected: { kind: 'failure', title: 'The system sent us to another address' },
  source_origin: { kind: 'failure', title: 'An address is not one this connector may call' },
  source_too_large: { kind: 'failure', title: 'The answer is larger than allowed' },
  source_unreadable: { kind: 'failure', title: 'The answer could not be read' },
  source_incomplete: { kind: 'failure', title: 'The read ended before its end' },
  source_broken: { kind: 'failure', title: 'The connector broke its contract' },

  store_unusable: { kind: 'usage', title: 'The store cannot be used' },
  store_newer: { kind: 'usage', title: 'The store was written by a newer version' },
  store_conflict: { kind: 'failure', title: 'The book changed since the plan was made' },
  store_busy: { kind: 'failure', title: 'The store is in use' },
  store_failed: { kind: 'failure', title: 'The store could not do its work' },

  key_wrong: { kind: 'usage', title: 'The key does not fit what is stored' },
  secret_damaged: { kind: 'failure', title: 'A stored secret was changed or damaged' },

  locked: { kind: 'failure', title: 'Another run of this connection is going on' },
  lock_lost: { kind: 'failure', title: 'Another run took over while this one was silent' },
  plan_invalid: { kind: 'failure', title: 'The plan cannot be applied' },
  cancelled: { kind: 'failure', title: 'The run was cancelled' },
  internal: { kind: 'failure', title: 'A fault of contact-sync itself' },
} as const satisfies Record<string, { kind: 'usage' | 'failure'; title: string }>;

export type ErrorCode = keyof typeof errorCodes;

export type ErrorOptions = {
  /** What the reader can do now, as a sentence. */
  hint: string;
  /** The error below. Its text is for developers and is never shown by default. */
  cause?: unknown;
  /** When the work can be taken up again, ISO 8601 in UTC; with `source_rate_limited`. */
  resumeAt?: string;
  /** What the vendor's support asks for, a correlation id for example. */
  reference?: string;
};

/**
 * The one error class. `message` says what happened, and to which record or setting; `hint` what to do now.
 * Neither ever holds a secret or more of a person's data than the field at fault.
 */
export class ContactSyncError extends Error {
  override readonly name = 'ContactSyncError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly resumeAt: string | undefined;
  readonly reference: string | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.resumeAt = options.resumeAt;
    this.reference = options.reference;
  }

  /** By name and not by class, so that an error of another copy of this package is known too. */
  static is(error: unknown): error is ContactSyncError {
    return error instanceof Error && error.name === 'ContactSyncError' && 'code' in error && 'hint' in error;
  }
}

/** The error itself, or `internal` around one that nobody expected. */
export function asContactSyncError(error: unknown): ContactSyncError {
  if (ContactSyncError.is(error)) return error;
  return new ContactSyncError('internal', 'Something went wrong that contact-sync does not know.', {
    hint: 'Run it again with --verbose to see the details, and please report it.',
    cause: error,
  });
}
