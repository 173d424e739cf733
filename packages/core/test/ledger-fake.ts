import { setImmediate as turn } from 'node:timers/promises';
import type { RawRecord } from '../src/index.js';
import type { OpenedSource, SourceFault, SourceWorld } from '../src/testing/index.js';

/* A little system in memory, with everything that can be wrong with one. */

export type Row = {
  id: unknown;
  name: string | null;
  email: string | null;
  phone: string | null;
  born: string;
  taxNumber: string;
  deleted: boolean;
};
export type List = { rows: Row[]; total: number; pages: number; next?: string };
export type Answer = {
  status: number;
  /** What has arrived. */
  body: string;
  /** The rest of the body, where it did not come at once. */
  rest?: (signal: AbortSignal) => Promise<string>;
  /** In seconds. */
  retryAfter?: number;
  /** As announced. */
  length?: number;
};
export type System = {
  /** One page, counted from 1. A page beyond the last is answered with 404. */
  get(page: number, signal: AbortSignal): Promise<Answer>;
  readonly token: string;
};

export const pageSize = 3;

type Moment = { secret: string; body: string; list: List; firstPage: string };
type Made = (moment: Moment, signal: AbortSignal) => Answer | Promise<Answer>;

const never = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
const reset: Made = () => {
  throw new Error('reset');
};

const made: Readonly<Record<SourceFault, Made>> = {
  unauthorized: ({ secret }) => ({ status: 401, body: `the token ${secret} is no longer good` }),
  expired: ({ secret }) => ({ status: 401, body: `the token ${secret} has ended` }),
  forbidden: ({ secret }) => ({ status: 403, body: `the token ${secret} may not` }),
  absent: ({ secret }) => ({ status: 404, body: `nothing here for ${secret}` }),
  unavailable: ({ secret }) => ({ status: 503, body: `down for ${secret}` }),
  unavailable_once: ({ secret }) => ({ status: 503, body: `down for ${secret}` }),
  limited: ({ secret }) => ({ status: 429, body: `slowly, ${secret}` }),
  limited_once: ({ secret }) => ({ status: 429, body: `slowly, ${secret}`, retryAfter: 2 }),
  limited_long: ({ secret }) => ({ status: 429, body: `enough, ${secret}`, retryAfter: 172_800 }),
  reset,
  reset_once: reset,
  cut: ({ body }) => ({ status: 200, body: body.slice(0, -10) }),
  broken_off: ({ body }) => ({ status: 200, body, length: body.length + 100 }),
  garbage: ({ secret }) => ({ status: 200, body: `<html>Sign in again, ${secret}</html>` }),
  empty: () => ({ status: 200, body: '' }),
  refused: () => ({ status: 200, body: '{"error":"no"}' }),
  charset: ({ body }) => ({ status: 200, body: body.replace('Canary', 'Canar\ufffd') }),
  oversized: ({ body }) => ({ status: 200, body, length: 10 ** 12 }),
  bomb: ({ body }) => ({ status: 200, body: body.replace('{', `{${' '.repeat(100_000)}`) }),
  redirect: () => ({ status: 302, body: '' }),
  next_elsewhere: ({ list }) => ({
    status: 200,
    body: JSON.stringify({ ...list, next: 'https://elsewhere.example/' }),
  }),
  repeats: ({ firstPage }) => ({ status: 200, body: firstPage }),
  hang: (_, signal) => never(signal),
  stall: ({ body }) => ({ status: 200, body: body.slice(0, 5), rest: never }),
  slow: ({ body }) => ({
    status: 200,
    body: body.slice(0, 60),
    rest: async (signal) => {
      for (let piece = 0; piece < 10; piece += 1) await turn();
      signal.throwIfAborted();
      return body.slice(60);
    },
  }),
};

export function fakeLedger(world: SourceWorld): Omit<OpenedSource, 'source'> & { system: System } {
  let fault: SourceFault | null = null;
  let requests = 0;
  const rowOf = ({ externalId, ...details }: RawRecord): Row => ({
    id: externalId,
    ...details,
    ...world.personal,
    deleted: false,
  });
  const rows: Row[] = [
    ...world.records.map(rowOf),
    ...Array.from({ length: world.others }, (_, index) => ({
      // Every second one is damaged: its id is no text.
      id: index % 2 === 0 ? `other-${index}` : index,
      name: 'Left Out',
      email: 'left.out@example.com',
      phone: null,
      ...world.personal,
      deleted: index % 2 === 0,
    })),
  ];
  const listOf = (page: number): List => ({
    rows: rows.slice((page - 1) * pageSize, page * pageSize),
    total: rows.length,
    pages: Math.max(1, Math.ceil(rows.length / pageSize)),
  });
  return {
    system: {
      token: world.secret,
      async get(page, signal) {
        signal.throwIfAborted();
        requests += 1;
        const now = fault;
        if (now?.endsWith('_once')) fault = null;
        if (now === 'hang') await never(signal);
        await turn();
        signal.throwIfAborted();
        const list = listOf(page);
        const [body, firstPage] = [JSON.stringify(list), JSON.stringify({ ...listOf(1), pages: 1_000_000 })];
        if (now !== null) return made[now]({ secret: world.secret, body, list, firstPage }, signal);
        return page > list.pages ? { status: 404, body: '' } : { status: 200, body };
      },
    },
    rows: rows.length,
    requests: () => requests,
    fault: (next) => {
      fault = next;
    },
    insert: (records) => {
      rows.unshift(...records.map(rowOf));
    },
    remove: (externalId) => {
      rows.splice(
        rows.findIndex(({ id }) => id === externalId),
        1,
      );
    },
  };
}
