import type { Firm, FirmCount, OrderKind } from '../../lib/types.js';
import { many } from '../../lib/words.js';

type State = Firm['state'];
type About = {
  readonly name: string;
  readonly sentence: string;
  readonly kind: 'open' | 'match' | 'change' | 'none' | 'make' | 'skip';
};

/** The worst first. */
export const states: Readonly<Record<State, About>> = {
  held: { name: 'Held', sentence: 'a person has to see to it', kind: 'open' },
  retrying: { name: 'Trying again', sentence: 'by itself, after a failure', kind: 'match' },
  waiting: { name: 'Waiting', sentence: 'until a limit lets it go on', kind: 'change' },
  new: { name: 'New', sentence: 'not synced yet', kind: 'none' },
  well: { name: 'Well', sentence: 'the last sync went well', kind: 'make' },
  paused: { name: 'Paused', sentence: 'or disconnected', kind: 'skip' },
};

export const stateNames = Object.keys(states) as State[];

/** `40 s`, `12 min`, `3.5 h`, `9 days`. */
export function spell(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** How long a sync took, from milliseconds. */
export function took(milliseconds: number): string {
  return milliseconds < 90_000 ? `${(milliseconds / 1000).toFixed(1)} s` : spell(milliseconds / 1000);
}

export const orders: Readonly<
  Record<OrderKind, { readonly name: string; readonly done: string; readonly what: string; readonly not: string }>
> = {
  pause: {
    name: 'Pause',
    done: 'Paused',
    what: 'They are synced no more, until somebody resumes them. Their contacts stay as they are.',
    not: 'paused already, or disconnected',
  },
  resume: {
    name: 'Resume',
    done: 'Resumed',
    what: 'They are synced again, each at its next time.',
    not: 'not paused',
  },
  retry: {
    name: 'Retry',
    done: 'To be synced now',
    what: 'They are synced as soon as a worker is free. Those that are held are released, and count as failed no more.',
    not: 'paused or disconnected, and stay so',
  },
};

/** How many connections an order is for, and how many of the selected ones it is not for. */
export function meant(kind: OrderKind, { connections, paused }: FirmCount): { n: number; not: number } {
  const n = kind === 'resume' ? paused : connections - paused;
  return { n, not: connections - n };
}

/** `12 connections of 11 firms`: a book is a firm's. */
export function ofFirms(connections: number, books: number): string {
  return `${many(connections, 'connection')} of ${many(books, 'firm')}`;
}
