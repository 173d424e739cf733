import { ContactSyncError, type ErrorCode } from '@contact-sync/core';

type Fault = { readonly code: ErrorCode; readonly problem: string; readonly hint: string };

const nothing = 'Nothing was written.';
const unchanged = 'The book is as it was.';
const again = `${nothing} Try again in a moment.`;

const rights: Fault = {
  code: 'store_unusable',
  problem: 'does not give this user the rights it needs',
  hint: `${nothing} Let its owner run: GRANT CREATE ON DATABASE … TO …, or, where the schema is there already: GRANT USAGE ON SCHEMA contact_sync TO …; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA contact_sync TO …`,
};
const refused: Fault = {
  code: 'store_unusable',
  problem: 'does not accept this user and password',
  hint: `${nothing} Check user and password in the URL, and the server's pg_hba.conf.`,
};
const unreachable: Fault = {
  code: 'store_failed',
  problem: 'cannot be reached',
  hint: `${nothing} Check that the server runs, and that host and port are right.`,
};
const broken: Fault = {
  code: 'store_failed',
  problem: 'broke off the connection',
  hint: `${unchanged} Check that the server runs, then try again.`,
};
const busy: Fault = { code: 'store_busy', problem: 'is being written to by another program', hint: again };
const unstorable: Fault = {
  code: 'plan_invalid',
  problem: 'cannot hold a text of the plan, which has a NUL or is too long',
  hint: `${nothing} Make the plan again without it.`,
};
const overfull: Fault = {
  code: 'store_failed',
  problem: 'has no room left',
  hint: `${unchanged} Make room on the server, then try again.`,
};

/** By SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html, or else by its class, two characters. */
const faults: Readonly<Record<string, Fault>> = {
  '28': refused,
  '3D000': {
    code: 'store_unusable',
    problem: 'does not exist',
    hint: `${nothing} Check the database's name in the URL, or make it: CREATE DATABASE …`,
  },
  '42501': rights,
  '25006': {
    code: 'store_unusable',
    problem: 'can only be read: it is a standby, or was set so',
    hint: `${nothing} Name the primary server in the URL.`,
  },
  '53300': { code: 'store_busy', problem: 'has no connection free', hint: again },
  '57P03': { code: 'store_busy', problem: 'is starting or stopping', hint: again },
  '55P03': busy,
  '40': busy,
  '57014': {
    code: 'store_failed',
    problem: 'took longer than it is allowed to, or somebody cancelled the work',
    hint: `${unchanged} See the server's statement_timeout, then try again.`,
  },
  '25P03': broken,
  '57': broken,
  '08': broken,
  '22021': unstorable,
  '22P05': unstorable,
  '54000': unstorable,
  '53100': overfull,
  '53': { code: 'store_failed', problem: 'ran out of memory or another resource', hint: `${unchanged} Try again.` },
  '58': { code: 'store_failed', problem: 'reports an error of its disk', hint: `${unchanged} Check the server.` },
  XX: { code: 'store_failed', problem: 'reports that it is damaged', hint: `${unchanged} Check the server.` },
};

const other: Fault = {
  code: 'store_failed',
  problem: 'could not be read or written',
  hint: `${unchanged} Please report this with the version.`,
};

/** Codes of Node's own errors, where the server could not be reached in the first place. */
const unreachableCodes = ['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES'];

/** Where a statement stood when it failed: it decides what there is to say. */
export type Stage = 'connecting' | 'working' | 'committing';

/**
 * What went wrong, as an error for people. `place` says which database; nothing of the server's own text is shown, for it
 * may hold a person's data.
 */
export function explained(error: unknown, place: string, stage: Stage): unknown {
  if (ContactSyncError.is(error) || !(error instanceof Error)) return error;
  const fault = faultOf(error, stage);
  if (stage === 'committing' && fault === broken) return unknownOutcome(place, error);
  return new ContactSyncError(fault.code, `${place} ${fault.problem}.`, { hint: fault.hint, cause: error });
}

function faultOf(error: Error, stage: Stage): Fault {
  const code = codeOf(error);
  const known = code === null ? undefined : (faults[code] ?? (isSqlState(code) ? faults[code.slice(0, 2)] : undefined));
  if (known !== undefined) return known;
  if (code !== null && isSqlState(code)) return other;
  if (stage === 'connecting') return unreachableCodes.includes(code ?? '') ? unreachable : notPostgres(error);
  // Errors without a SQLSTATE are the driver's: the connection is gone.
  return broken;
}

function notPostgres(error: Error): Fault {
  if (/SSL|certificate|self-signed/i.test(error.message)) {
    return {
      code: 'store_unusable',
      problem: 'could not agree with us on TLS',
      hint: `${nothing} Check sslmode in the URL, and the server's certificate.`,
    };
  }
  return {
    code: 'store_failed',
    problem: 'does not answer as a PostgreSQL server does',
    hint: `${nothing} Check host and port in the URL, and that the server runs.`,
  };
}

/** The answer to COMMIT was lost: the plan was applied whole, or not at all, and we do not know which. */
function unknownOutcome(place: string, cause: unknown): ContactSyncError {
  return new ContactSyncError('store_failed', `${place} broke off the connection while it was finishing a write.`, {
    hint: 'The write was done in full or not at all: the list of runs says which. Trying again does no harm.',
    cause,
  });
}

/** The SQLSTATE or the code of Node's error; several addresses of one host may have failed at once. */
function codeOf(error: Error): string | null {
  if ('code' in error && typeof error.code === 'string') return error.code;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first instanceof Error && first !== error ? codeOf(first) : null;
}

function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code);
}

export function unusable(message: string, hint: string, cause?: unknown): ContactSyncError {
  return new ContactSyncError('store_unusable', message, { hint, cause });
}
