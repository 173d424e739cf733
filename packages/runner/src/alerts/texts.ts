import { type ErrorCode, errorCodes, type GuardCode } from '@contact-sync/core';
import { typed } from '../show/typed.js';
import type { Alert, Incident } from './alerts.js';

export type About = {
  /** As it is called. */
  readonly book: string;
  /** As the commands take it. */
  readonly bookOption: string;
  readonly source: string;
  /** As it was named when it was connected; null: what is stored does not open. */
  readonly connector: string | null;
};

/** An alert as a person reads it: nothing of anybody's data, and no text that came from outside. */
export type AlertText = {
  /** One line. */
  readonly subject: string;
  readonly what: string;
  readonly todo: string;
};

export function textOf(alert: Alert, { book, bookOption, source, connector }: About): AlertText {
  const inBook = bookOption === 'default' ? '' : ` --book ${typed(bookOption)}`;
  const connection = `${source} (book ${book})`;
  switch (alert.kind) {
    case 'failing':
      return {
        subject: `${source} fails`,
        what: `${times(alert.failures, 'sync')} of ${connection} failed in a row. The last error: ${titled(alert.code)}. The book is as it was.`,
        todo: todoAfter(alert.code, source, inBook),
      };
    case 'guard':
      return {
        subject: `${source} was stopped by a guard`,
        what: `Run ${alert.run} of ${connection} was stopped before it wrote: ${alert.tripped.map(trip).join('; ')}.`,
        todo: `Look at the source. If it is wrong, mend it; the next sync takes it up. If it is right: contact-sync approve ${alert.run}${inBook}`,
      };
    case 'reconnect':
      return {
        subject: `${source} must be connected again`,
        what: `${connection} can no longer be read: ${titled(alert.code)}. Nothing is synced until somebody connects it again.`,
        todo: `contact-sync connect ${typed(connector ?? connectorOf(source))}${inBook}`,
      };
    case 'rejected':
      return {
        subject: `${source}: ${alert.rejected} of ${alert.rows} records rejected`,
        what: `The last sync of ${connection} rejected ${alert.rejected} of ${alert.rows} records; the others were synced.`,
        todo: `See each with its reason, and correct them in the source: contact-sync runs${inBook}, then contact-sync runs show RUN${inBook}`,
      };
    case 'unused':
      return {
        subject: `The sign-in of ${source} ends soon`,
        what: `The sign-in of ${connection} was last used on ${alert.renewedAt.slice(0, 10)}. If nobody uses it, it ends on ${alert.endsAt.slice(0, 10)}.`,
        todo: `Sync it, or resume it if it is paused: contact-sync resume ${typed(source)}${inBook}. If it is not needed any more: contact-sync disconnect ${typed(source)}${inBook}`,
      };
    case 'recovered':
      return {
        subject: `${source} is well again`,
        what: `This is over for ${connection}: ${Object.entries(alert.from).map(ended).join('; ')}.`,
        todo: 'Nothing.',
      };
  }
}

function titled(code: ErrorCode): string {
  return `${errorCodes[code].title.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())} (${code})`;
}

const guardSays: Readonly<Record<GuardCode, string>> = {
  source_empty: 'the source has no valid record (source_empty)',
  many_missing: 'too many contacts would be marked missing (many_missing)',
  many_changed: 'too many contacts would be changed (many_changed)',
  tenant_changed: 'another tenant answers (tenant_changed)',
};

function trip({ guard, count, of }: { guard: GuardCode; count: number; of: number }): string {
  return `${guardSays[guard]}, ${count} of ${of}`;
}

const incidentSays: Readonly<Record<Incident, string>> = {
  failing: 'syncs failed',
  guard: 'a guard stopped it',
  reconnect: 'it had to be connected again',
  rejected: 'too many records were rejected',
  unused: 'its sign-in was not used',
};

function ended([incident, since]: [string, string]): string {
  return `${incidentSays[incident as Incident]}, since ${since.slice(0, 16).replace('T', ' ')} UTC`;
}

function todoAfter(code: ErrorCode, source: string, inBook: string): string {
  if (code === 'source_forbidden') return 'Ask whoever looks after the system to allow access again.';
  if (code === 'source_rate_limited') return 'Nothing yet: it goes on when the limit allows. Other programs share it.';
  if (code.startsWith('source_')) {
    return `Most faults of a system go away by themselves. If this one stays, try by hand: contact-sync plan --from ${typed(source)}${inBook}`;
  }
  return `See what is wrong by hand: contact-sync plan --from ${typed(source)}${inBook} --verbose`;
}

function times(n: number, what: string): string {
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}

function connectorOf(source: string): string {
  return source.slice(0, source.indexOf(':'));
}
