import type { Block, ErrorCode } from '@contact-sync/core';

/** What can be the matter with a connection for a while. Each is told once when it begins, and once when it is over. */
export const incidents = ['failing', 'guard', 'reconnect', 'rejected', 'unused'] as const;
export type Incident = (typeof incidents)[number];

/** A guard that stopped a run, without the names in its message. */
export type Tripped = Pick<Block, 'guard' | 'count' | 'of'>;

/** What happened to a connection. Times are ISO 8601 in UTC. */
export type AlertEvent = { readonly at: string } & (
  | { readonly type: 'done'; readonly rows: number; readonly rejected: number }
  | { readonly type: 'blocked'; readonly run: string; readonly tripped: readonly Tripped[] }
  | { readonly type: 'failed'; readonly code: ErrorCode }
  /** How its sign-in stands; `endsAt`: when it ends if nobody uses it, null where the vendor names no such time. */
  | { readonly type: 'grant'; readonly renewedAt: string; readonly endsAt: string | null }
);

/** What people are told: facts and numbers, never a name of anybody. */
export type Alert = { readonly at: string } & (
  | { readonly kind: 'failing'; readonly failures: number; readonly code: ErrorCode }
  | { readonly kind: 'guard'; readonly run: string; readonly tripped: readonly Tripped[] }
  | { readonly kind: 'reconnect'; readonly code: ErrorCode }
  | { readonly kind: 'rejected'; readonly rejected: number; readonly rows: number }
  | { readonly kind: 'unused'; readonly renewedAt: string; readonly endsAt: string }
  /** What is over, with the time each began. */
  | { readonly kind: 'recovered'; readonly from: Partial<Record<Incident, string>> }
);

export type AlertSettings = {
  /** Runs that fail in a row before it is told. */
  readonly failures: number;
  /** The share of rejected records above which it is told, from 0 to 1. */
  readonly rejectedShare: number;
  /** The share of its time that a sign-in may be unused: 45 of 60 days. */
  readonly unusedShare: number;
};

export const defaultAlertSettings: AlertSettings = { failures: 3, rejectedShare: 0.1, unusedShare: 0.75 };

/** What is remembered of a connection from event to event. */
export type AlertState = {
  /** Failed runs since the last one that did not fail. */
  readonly failures: number;
  /** What is going on, and since when. */
  readonly open: Readonly<Partial<Record<Incident, string>>>;
  /** The guards that were told since the last good run. */
  readonly guards: readonly string[];
};

export const calm: AlertState = { failures: 0, open: {}, guards: [] };

export type Told = { readonly alerts: readonly Alert[]; readonly stateAfter: AlertState };

/**
 * Failures that say nothing of the connection: somebody else runs it, or ended the run. A run that was overtaken is one
 * of them: the other run did the work.
 */
const nobodysFault: ReadonlySet<ErrorCode> = new Set([
  'cancelled',
  'locked',
  'lock_lost',
  'store_conflict',
  'connection_paused',
]);

/** Only a person can mend these, so nobody waits for the third of them. */
const needsPerson: ReadonlySet<ErrorCode> = new Set(['source_reconnect', 'source_unauthorized']);

/** What is to be told after an event: each incident once, however many runs it lasts. */
export function alertsOf(state: AlertState, event: AlertEvent, settings = defaultAlertSettings): Told {
  switch (event.type) {
    case 'done':
      return afterGoodRun(state, event, settings);
    case 'blocked':
      return afterBlock(state, event);
    case 'failed':
      return afterFailure(state, event, settings);
    case 'grant':
      return afterLook(state, event, settings);
  }
}

type Of<T extends AlertEvent['type']> = Extract<AlertEvent, { type: T }>;

function afterGoodRun(state: AlertState, { at, rows, rejected }: Of<'done'>, settings: AlertSettings): Told {
  const { failing, guard, reconnect, rejected: since, ...open } = state.open;
  const over = defined({ failing, guard, reconnect });
  const tooMany = rejected > settings.rejectedShare * rows;
  const ended = tooMany || since === undefined ? over : { ...over, rejected: since };
  const begun: Alert[] = tooMany && since === undefined ? [{ kind: 'rejected', at, rejected, rows }] : [];
  return {
    alerts: [...recovered(at, ended), ...begun],
    stateAfter: { failures: 0, open: { ...open, ...(tooMany ? { rejected: since ?? at } : {}) }, guards: [] },
  };
}

/** The source was read, so failures are no more in a row; but what the failures were told for is over with a good run only. */
function afterBlock(state: AlertState, { at, run, tripped }: Of<'blocked'>): Told {
  const isNew = tripped.some(({ guard }) => !state.guards.includes(guard));
  return {
    alerts: isNew ? [{ kind: 'guard', at, run, tripped }] : [],
    stateAfter: {
      failures: 0,
      open: { ...state.open, guard: state.open.guard ?? at },
      guards: [...new Set([...state.guards, ...tripped.map(({ guard }) => guard)])],
    },
  };
}

function afterFailure(state: AlertState, { at, code }: Of<'failed'>, settings: AlertSettings): Told {
  if (nobodysFault.has(code)) return { alerts: [], stateAfter: state };
  const failures = state.failures + 1;
  const isOpen = (incident: Incident) => state.open[incident] !== undefined;
  const told = (alert: Alert & { kind: Incident }): Told => ({
    alerts: [alert],
    stateAfter: { ...state, failures, open: { ...state.open, [alert.kind]: at } },
  });
  if (needsPerson.has(code) && !isOpen('reconnect')) return told({ kind: 'reconnect', at, code });
  // Whoever was told to connect again knows already why it fails.
  if (failures >= settings.failures && !isOpen('failing') && !isOpen('reconnect')) {
    return told({ kind: 'failing', at, failures, code });
  }
  return { alerts: [], stateAfter: { ...state, failures } };
}

function afterLook(state: AlertState, { at, renewedAt, endsAt }: Of<'grant'>, settings: AlertSettings): Told {
  const { unused, ...open } = state.open;
  const limit =
    endsAt === null
      ? Number.POSITIVE_INFINITY
      : Date.parse(renewedAt) + settings.unusedShare * (Date.parse(endsAt) - Date.parse(renewedAt));
  if (endsAt !== null && Date.parse(at) >= limit) {
    if (unused !== undefined) return { alerts: [], stateAfter: state };
    return {
      alerts: [{ kind: 'unused', at, renewedAt, endsAt }],
      stateAfter: { ...state, open: { ...open, unused: at } },
    };
  }
  return { alerts: recovered(at, defined({ unused })), stateAfter: unused === undefined ? state : { ...state, open } };
}

function recovered(at: string, from: Partial<Record<Incident, string>>): Alert[] {
  return Object.keys(from).length === 0 ? [] : [{ kind: 'recovered', at, from }];
}

function defined(times: Partial<Record<Incident, string | undefined>>): Partial<Record<Incident, string>> {
  return Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined));
}
