import type { Connection } from '../../lib/types.js';

/** How a connection stands, as a mark and in words; `more` says what follows from it. */
export type Standing = {
  readonly mark: 'well' | 'busy' | 'waiting' | 'paused' | 'attention' | 'off';
  readonly words: string;
  readonly more: string;
};

/** What stands in the way comes before what is well. */
export function standingOf(
  connection: Pick<Connection, 'state' | 'stored' | 'running' | 'incidents' | 'lastRun'>,
): Standing {
  const { state, stored, running, incidents, lastRun } = connection;
  if (running) return { mark: 'busy', words: 'Syncing now', more: '' };
  if (state === 'disconnected') {
    return stored
      ? {
          mark: 'waiting',
          words: 'Connected again, not synced yet',
          more: 'The next sync finds its contacts by their links.',
        }
      : {
          mark: 'off',
          words: 'Disconnected',
          more: 'Its contacts are manual, and keep their links for the day it comes back.',
        };
  }
  if ('reconnect' in incidents) {
    return {
      mark: 'attention',
      words: 'Must be connected again',
      more: 'Nothing is synced until somebody connects it again.',
    };
  }
  if (state === 'paused') {
    return { mark: 'paused', words: 'Paused', more: 'It is not synced until an administrator resumes it.' };
  }
  if (!stored) {
    return {
      mark: 'attention',
      words: 'Not synced by the service',
      more: 'Nothing is stored to read it. Connect it to have it synced.',
    };
  }
  if ('guard' in incidents || lastRun?.outcome === 'blocked') {
    return {
      mark: 'attention',
      words: 'Stopped by a guard',
      more: 'Nothing was written. Look at the source first: is everything there that should be?',
    };
  }
  if ('failing' in incidents || lastRun?.outcome === 'failed') {
    return { mark: 'attention', words: 'The last sync failed', more: 'The contact book is as it was.' };
  }
  if (state === null) return { mark: 'waiting', words: 'Not synced yet', more: 'Its first sync is still to come.' };
  if ('rejected' in incidents || 'unused' in incidents)
    return {
      mark: 'attention',
      words: 'Synced, with something to look at',
      more: 'The contact book is as the source was at the last sync.',
    };
  return { mark: 'well', words: 'Up to date', more: 'The contact book is as the source was at the last sync.' };
}

/** What is the matter for a while, what it means, and where something can be done about it. */
export type Incident = {
  readonly code: string;
  readonly since: string;
  readonly says: string;
  readonly todo: string;
  readonly leadsTo: 'reconnect' | 'run' | 'review' | null;
};

const incidents: Readonly<Record<string, Omit<Incident, 'code' | 'since'>>> = {
  reconnect: {
    says: 'It can no longer be read: the system does not accept the sign-in or the keys.',
    todo: 'Connect it again. Its contacts, settings and schedule stay as they are.',
    leadsTo: 'reconnect',
  },
  guard: {
    says: 'A guard stopped a sync before it wrote.',
    todo: 'If the source is wrong, mend it: the next sync takes it up. If it is right, look at the plan and approve it.',
    leadsTo: 'run',
  },
  failing: {
    says: 'Several syncs failed in a row.',
    todo: 'Most faults of a system go away by themselves. If this one stays, look at the last run.',
    leadsTo: 'run',
  },
  rejected: {
    says: 'The last sync rejected many records; the others were synced.',
    todo: 'Correct them in the source; the next sync takes them up.',
    leadsTo: 'review',
  },
  unused: {
    says: 'Nobody used its sign-in for a long time, and it ends if that stays so.',
    todo: 'Sync it, or resume it if it is paused.',
    leadsTo: null,
  },
};

/** The most pressing first. */
export function incidentsOf(connection: Pick<Connection, 'incidents'>): Incident[] {
  const known = Object.keys(incidents);
  const rank = (code: string) => (known.includes(code) ? known.indexOf(code) : known.length);
  return Object.entries(connection.incidents)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([code, since]) => ({
      code,
      since,
      ...(incidents[code] ?? {
        says: `Something is the matter: ${code}.`,
        todo: 'Look at the last run.',
        leadsTo: 'run',
      }),
    }));
}

/** Why it cannot be synced now; null where the mark and the words of the card say it already. */
export function refusalWords(why: Connection['syncNow']['why']): string | null {
  switch (why) {
    case 'too_soon':
      return 'It was synced a moment ago. Possible again';
    case 'rate_limited':
      return 'The limit of requests is used up. Possible again';
    case 'stopping':
      return 'The service is stopping.';
    case 'unknown':
      return 'Nothing is stored to read it.';
    case 'paused':
    case 'running':
    case null:
      return null;
  }
}
