import { ContactSyncError } from '@contact-sync/core';
import { type Alert, type AlertEvent, type AlertSettings, alertsOf } from '../alerts/alerts.js';
import { afterTry, isDue, messageOf, type Pending, withAlerts } from '../alerts/outbox.js';
import type { Sink } from '../alerts/sinks.js';
import { changeKept, type Kept, readKept } from './kept.js';
import { errorFacts, type ServeLog } from './log.js';
import type { ServedBook } from './served-book.js';
import type { Ended, Watcher } from './types.js';
import type { Watched } from './watched.js';

type World = {
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly sinks: readonly Sink[];
  readonly settings: AlertSettings;
  readonly log: ServeLog;
  readonly watchers: readonly Watcher[];
};

/** What a run means to those who are told. Null: nothing. */
export function eventOf(ended: Ended): AlertEvent {
  const { at } = ended;
  if (ended.outcome === 'failed') return { type: 'failed', at, code: ended.error.code };
  if (ended.outcome === 'blocked') {
    const tripped = ended.plan.blocked.map(({ guard, count, of }) => ({ guard, count, of }));
    return { type: 'blocked', at, run: ended.run.id, tripped };
  }
  const { rows, reasons } = ended.plan.counts;
  const rejected = Object.entries(reasons).reduce((sum, [code, n]) => sum + (code.startsWith('rejected_') ? n : 0), 0);
  return { type: 'done', at, rows, rejected };
}

/** Decides what is to be told, and keeps it before anything is sent: an end of the process loses no alert. */
export async function note(
  book: ServedBook,
  watched: Watched,
  event: AlertEvent,
  world: World,
  more: Partial<Kept> = {},
): Promise<void> {
  let alerts: readonly Alert[] = [];
  await change(book, watched, world, (kept) => {
    const told = alertsOf(kept.alerts, event, world.settings);
    alerts = told.alerts;
    return { ...kept, ...more, alerts: told.stateAfter, outbox: withAlerts(kept.outbox, alerts, world.sinks) };
  });
  const { name } = book;
  for (const { kind } of alerts)
    for (const { alerted } of world.watchers) alerted?.({ book: name, source: watched.source, kind });
}

/** How long another process that sends is left alone, in milliseconds. */
const sendingPauseMs = 10_000;

/**
 * Sends what is due. A sink that does not take it is asked again later; a sync never waits for one. A store that does not
 * answer keeps nothing back: that is what somebody must be told.
 */
export async function send(book: ServedBook, watched: Watched, world: World): Promise<void> {
  let begun = false;
  const all = async () => {
    begun = true;
    for (const pending of watched.kept.outbox.filter((one) => isDue(one, world.now()))) {
      if (world.signal.aborted) return;
      await sendOne(book, watched, pending, world);
    }
  };
  try {
    const { eager } = await book.opened();
    // Another process sends the same perhaps, or has sent it.
    await eager.locked(`sending:${JSON.stringify([book.place.book, watched.source])}`, async () => {
      await refresh(book, watched, world);
      await all();
    });
  } catch (error) {
    if (ContactSyncError.is(error) && error.code === 'locked') {
      watched.sendAt = world.now() + sendingPauseMs;
      return;
    }
    if (!begun) return await all();
    world.log.error({ book: book.name, source: watched.source, error: factsOf(error) }, 'alerts could not be sent');
  }
}

/** Takes up what the store has, unless this process has news that the store does not have yet. */
function refresh(book: ServedBook, watched: Watched, { log }: Pick<World, 'log'>): Promise<void> {
  const next = watched.changing.then(async () => {
    if (watched.unsaved) return;
    try {
      const { vault } = await book.opened();
      watched.kept = await readKept(vault, book.place.book, watched.source);
    } catch (error) {
      // Told twice is better than not told.
      log.warn({ book: book.name, source: watched.source, error: factsOf(error) }, 'the state of alerts was not read');
    }
  });
  watched.changing = next;
  return next;
}

async function sendOne(book: ServedBook, watched: Watched, pending: Pending, world: World): Promise<void> {
  const { log, watchers } = world;
  const about = { book: book.name, source: watched.source };
  const sink = world.sinks.find(({ name }) => name === pending.sink);
  let left: Pending | null = null;
  if (sink !== undefined) {
    let ok = true;
    try {
      const connector = watched.stored?.connector ?? null;
      const message = messageOf(pending, { ...about, bookOption: book.place.book, connector });
      await sink.send(message, world.signal);
      log.info({ ...about, sink: sink.name, kind: pending.alert.kind }, 'alert sent');
    } catch (error) {
      if (world.signal.aborted) return;
      ok = false;
      left = afterTry(pending, world.now());
      const again = left === null ? 'never' : left.due;
      log.error(
        { ...about, sink: sink.name, kind: pending.alert.kind, why: whyOf(error), again },
        'an alert was not taken',
      );
    }
    for (const { sent } of watchers) sent?.({ sink: sink.name, ok });
  }
  await change(book, watched, world, (kept) => ({
    ...kept,
    outbox: kept.outbox.flatMap((one) => {
      if (one.id !== pending.id || one.sink !== pending.sink) return [one];
      return left === null ? [] : [left];
    }),
  }));
}

/** What a mail server or a hook answers may hold its address, which may be a secret: of it only codes are told. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (/^It answered \d+\.$/.test(error.message)) return error.message;
  const codes = [error, error.cause].map((one) => (one instanceof Error && 'code' in one ? String(one.code) : ''));
  return codes.find((code) => /^[A-Z][A-Z_0-9]+$/.test(code)) ?? error.name;
}

/** Changes what is kept; where the store cannot be reached it is remembered, and kept later. */
export function change(
  book: ServedBook,
  watched: Watched,
  { log }: Pick<World, 'log'>,
  how: (kept: Kept) => Kept,
): Promise<void> {
  const next = watched.changing.then(async () => {
    const { kept, unsaved } = watched;
    try {
      const { vault } = await book.opened();
      watched.kept = await changeKept(vault, book.place.book, watched.source, (stored) => how(unsaved ? kept : stored));
      watched.unsaved = false;
    } catch (error) {
      watched.kept = how(kept);
      watched.unsaved = true;
      log.warn({ book: book.name, source: watched.source, error: factsOf(error) }, 'the state of alerts was not kept');
    }
  });
  watched.changing = next;
  return next;
}

function factsOf(error: unknown): object {
  return ContactSyncError.is(error) ? errorFacts(error) : { code: 'internal' };
}
