import { ContactSyncError } from '@contact-sync/core';
import type { Scope } from './scope.js';

/** An error, and whether another try may well succeed. */
export type Failure = { readonly error: ContactSyncError; readonly transient: boolean };

const again = 'Nothing was written. Run it again; if it stays, the system may have a fault.';

const network = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'],
  ...['ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT'],
]);
/** The connection ended within the headers or within a chunk of the body. */
const cutOff = 'HPE_INVALID_EOF_STATE';
/** Two lengths, for one answer. */
const lengths = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';

/** What went wrong before there was an answer. */
export function failureOfRequest(error: unknown, request: string, scope: Scope): Failure {
  if (ContactSyncError.is(error)) return { error, transient: false };
  const ended = endOf(request, scope);
  if (ended !== null) return { error: ended, transient: false };

  const code = codeOf(error);
  if (network.has(code) || code === cutOff) {
    return {
      error: new ContactSyncError('source_unreachable', `${request} could not be reached (${code}).`, {
        hint: 'Check the address, and that this machine has a way to it (network, proxy, firewall).',
      }),
      transient: true,
    };
  }
  if (code.startsWith('HPE_') || code === lengths) {
    return { error: unreadable(request, 'it is not HTTP', code), transient: false };
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return { error: tooLarge(request, 'its headers are too long'), transient: false };
  if (code === '') {
    const name = error instanceof Error ? error.name : typeof error;
    return {
      error: new ContactSyncError('internal', `${request} failed in a way that is not known (${name.slice(0, 60)}).`, {
        hint: 'Nothing was written. Please report this to the author of the connector.',
      }),
      transient: false,
    };
  }
  return {
    error: new ContactSyncError('source_unreachable', `No safe connection for ${request} could be made (${code}).`, {
      hint: "Check the address, this machine's clock, and the certificates it trusts.",
    }),
    transient: false,
  };
}

/** What went wrong while a body was read. `source_incomplete` is the one that another try may mend. */
export function failureOfBody(error: unknown, request: string, scope: Scope): ContactSyncError {
  if (ContactSyncError.is(error)) return error;
  const ended = endOf(request, scope);
  if (ended !== null) return ended;

  const code = codeOf(error);
  if (code.startsWith('HPE_') && code !== cutOff) return unreadable(request, 'it is not HTTP', code);
  // zlib has this code for a stream that ends too early, and others for one that is wrong.
  if (code.startsWith('Z_') && code !== 'Z_BUF_ERROR') return unreadable(request, 'its compression is damaged', code);
  const named = code === '' ? '' : ` (${code})`;
  return new ContactSyncError('source_incomplete', `The answer to ${request} ended before its end${named}.`, {
    hint: again,
  });
}

/** Cancelled, too late, or null if neither. */
function endOf(request: string, scope: Scope): ContactSyncError | null {
  const ended = scope.ended();
  if (ended === 'cancelled') return cancelled(request);
  if (ended === 'timeout') {
    return new ContactSyncError('source_timeout', `${request} took longer than allowed.`, {
      hint: 'Run it again. If the system is always this slow, allow more time.',
    });
  }
  return null;
}

export function cancelled(request: string): ContactSyncError {
  return new ContactSyncError('cancelled', `${request} was cancelled.`, {
    hint: 'Nothing was written. Run it again when you like.',
  });
}

export function unreadable(request: string, fault: string, code = ''): ContactSyncError {
  return new ContactSyncError(
    'source_unreadable',
    `The answer to ${request} cannot be read: ${fault}${code === '' ? '' : ` (${code})`}.`,
    {
      hint: again,
    },
  );
}

export function tooLarge(request: string, fault: string): ContactSyncError {
  return new ContactSyncError('source_too_large', `The answer to ${request} is larger than allowed: ${fault}.`, {
    hint: 'If there really is that much to read, allow a larger answer.',
  });
}

/**
 * Errors of the transport are told by their code alone, and are nobody's `cause`: some carry the bytes that were read,
 * a header or an address with its query, and would carry them into every log that prints causes.
 */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // undici's parser has a code for most faults. One that ends too early it tells by its words alone, and one that does
  // not begin like HTTP by nothing.
  if (error.name === 'HTTPParserError' && !('code' in error && error.code)) {
    return error.message.includes('Invalid EOF state') ? cutOff : 'HPE_INVALID';
  }
  if (!('code' in error) || typeof error.code !== 'string') return '';
  return /^[A-Z0-9_]{1,60}$/.test(error.code) ? error.code : '';
}
