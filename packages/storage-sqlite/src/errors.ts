import { ContactSyncError, type ErrorCode } from '@contact-sync/core';

/** Primary result codes of SQLite, https://sqlite.org/rescode.html */
export const codes = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
};

export const uniqueConstraint = 2067;

const faults: Readonly<Record<number, { code: ErrorCode; problem: string; hint: string }>> = {
  [codes.busy]: {
    code: 'store_busy',
    problem: 'is being written to by another program',
    hint: 'Nothing was written. Try again in a moment.',
  },
  [codes.locked]: {
    code: 'store_busy',
    problem: 'is in use',
    hint: 'Nothing was written. Try again in a moment.',
  },
  [codes.readOnly]: {
    code: 'store_unusable',
    problem: 'may not be written to',
    hint: 'Give yourself the right to write to the file and to its folder: SQLite keeps two help files beside it.',
  },
  [codes.ioError]: {
    code: 'store_failed',
    problem: 'could not be read or written: the disk reported an error',
    hint: 'The book is as it was. Check the disk, then try again.',
  },
  [codes.corrupt]: {
    code: 'store_failed',
    problem: 'is damaged',
    hint: 'Nothing was written. Restore the file from a backup.',
  },
  [codes.full]: {
    code: 'store_failed',
    problem: 'could not be written: the disk is full',
    hint: 'The book is as it was. Make room, then try again.',
  },
  [codes.cannotOpen]: {
    code: 'store_unusable',
    problem: 'cannot be opened',
    hint: 'Check that you may read and write the file and its folder.',
  },
  [codes.notADatabase]: {
    code: 'store_unusable',
    problem: 'is not a database',
    hint: 'Nothing was written. Name another file.',
  },
};

/** What SQLite or the file system said, as an error for people. Anything else stays what it is. */
export function explained(error: unknown, file: string): unknown {
  if (isFileError(error)) return asFault(codes.cannotOpen, error, file);
  const code = sqliteCode(error);
  return code === null ? error : asFault(code & 0xff, error, file);
}

function asFault(code: number, error: unknown, file: string): ContactSyncError {
  const fault = faults[code];
  if (fault === undefined) {
    return new ContactSyncError('store_failed', `${file} could not be read or written.`, {
      hint: 'The book is as it was. Please report this with the version.',
      cause: error,
    });
  }
  return new ContactSyncError(fault.code, `${file} ${fault.problem}.`, { hint: fault.hint, cause: error });
}

/** SQLite's extended result code; null for an error that is not from SQLite. */
export function sqliteCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null;
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

export function unusable(message: string, hint: string, cause?: unknown): ContactSyncError {
  return new ContactSyncError('store_unusable', message, { hint, cause });
}
