import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Alert } from './alerts.js';
import type { AlertMessage, Sink } from './sinks.js';
import { type About, textOf } from './texts.js';

/** An alert that a sink has not taken yet. */
export type Pending = {
  readonly id: string;
  readonly sink: string;
  readonly alert: Alert;
  /** How often it was tried. */
  readonly tries: number;
  /** When to try it, ISO 8601 in UTC. */
  readonly due: string;
};

export const pendingSchema = z.strictObject({
  id: z.string(),
  sink: z.string(),
  // Written by this program alone.
  alert: z.custom<Alert>((value) => typeof value === 'object' && value !== null && 'kind' in value),
  tries: z.int().min(0),
  due: z.string(),
}) satisfies z.ZodType<Pending>;

const minute = 60_000;
/** After the first try, and each of the others, so long until the next. After the last it is given up. */
const pauses = [minute, 5 * minute, 30 * minute, 120 * minute, 360 * minute];
/** A sink that is dead for long must not fill the store: the oldest go. */
const atMost = 100;

export function withAlerts(outbox: readonly Pending[], alerts: readonly Alert[], sinks: readonly Sink[]): Pending[] {
  const added = alerts.flatMap((alert) => {
    const id = randomUUID();
    return sinks.map(({ name }) => ({ id, sink: name, alert, tries: 0, due: alert.at }));
  });
  return [...outbox, ...added].slice(-atMost);
}

export function isDue({ due }: Pending, now: number): boolean {
  return Date.parse(due) <= now;
}

/** What is left of one that was not taken: tried again later, or null once it was tried often enough. */
export function afterTry(pending: Pending, now: number): Pending | null {
  const pause = pauses[pending.tries];
  if (pause === undefined) return null;
  return { ...pending, tries: pending.tries + 1, due: new Date(now + pause).toISOString() };
}

export function messageOf({ id, alert }: Pending, about: About): AlertMessage {
  const { book, source } = about;
  return { id, book, source, ...textOf(alert, about), alert };
}
