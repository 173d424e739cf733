import { setImmediate as turn } from 'node:timers/promises';
import {
  type Complete,
  type ContactSource,
  ContactSyncError,
  type ErrorCode,
  type Page,
  type RawRecord,
} from '../src/index.js';
import type { OpenedSource, SourceHarness } from '../src/testing/index.js';
import { type Answer, fakeLedger, type List, pageSize, type Row, type System } from './ledger-fake.js';

export type { Answer, List, Row, System } from './ledger-fake.js';

/* A sound connector for a little system, in replaceable parts, to break them one at a time. */

export function failure(
  code: ErrorCode,
  message: string,
  more: { cause?: unknown; resumeAt?: string } = {},
): ContactSyncError {
  return new ContactSyncError(code, message, { hint: 'Try again later.', ...more });
}

/** Each part has the right thing to do as its default. */
export type Parts = {
  source: string;
  /** Asks once. */
  get(system: System, page: number, signal: AbortSignal): Promise<Answer>;
  /** Asks until there is an answer to go by. */
  ask(system: System, page: number, signal: AbortSignal, parts: Parts): Promise<Answer>;
  /** Waits for the rest of an answer. */
  finish(answer: Answer, signal: AbortSignal, page: number): Promise<Answer>;
  open(answer: Answer, page: number, system: System): List;
  record(row: Row): RawRecord;
  page(list: List, record: Parts['record']): Page;
  pages(list: List, first: List): number;
  /** Whether rows came or went since the first page. */
  moved(list: List, first: List): boolean;
  /** Whether a page is the one before it once more. */
  again(list: List, before: List): boolean;
  /** Where a read keeps its place. */
  place(): { number: number };
  end: () => Complete;
};

const tries = 4;
const mostBytes = 50_000;
const broken: Answer = { status: 0, body: '' };

const names: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  0: ['source_unreachable', 'The ledger could not be reached.'],
  302: ['source_redirected', 'The ledger sent us elsewhere.'],
  401: ['source_unauthorized', 'The ledger did not accept the token.'],
  403: ['source_forbidden', 'The token may not read the ledger.'],
  404: ['source_refused', 'There is no such ledger.'],
};

export const sound: Parts = {
  source: 'ledger:t1',
  get: (system, page, signal) => system.get(page, signal),
  async ask(system, page, signal, parts) {
    for (let tried = 1; ; tried += 1) {
      const answer = await parts.get(system, page, signal).catch((error: unknown) => {
        if (error instanceof Error && error.message === 'reset') return broken;
        throw error;
      });
      const passing = [0, 429, 503].includes(answer.status) && (answer.retryAfter ?? 0) < 60;
      if (!passing || tried === tries) return answer;
    }
  },
  async finish(answer, signal) {
    return answer.rest === undefined ? answer : { ...answer, body: answer.body + (await answer.rest(signal)) };
  },
  open({ status, body, retryAfter, length }) {
    if (status === 429) {
      const more = retryAfter === undefined ? {} : { resumeAt: '2026-03-03T00:00:00.000Z' };
      throw failure('source_rate_limited', 'The ledger limits requests.', more);
    }
    if (status !== 200) {
      const [code, message] = names[status] ?? ['source_unavailable', `The ledger answered with status ${status}.`];
      throw failure(code, message);
    }
    if (Math.max(length ?? 0, body.length) > mostBytes) throw failure('source_too_large', 'The answer is too large.');
    if (!body.startsWith('{')) throw failure('source_unreadable', 'The answer of the ledger is not JSON.');
    if (body.includes('\ufffd')) throw failure('source_unreadable', 'The answer of the ledger is not UTF-8.');
    if (length !== undefined && length > body.length) throw failure('source_incomplete', 'Bytes are missing.');
    const list = parsed(body);
    if ('error' in list) throw failure('source_refused', 'The ledger said no.');
    if (list.next !== undefined) throw failure('source_origin', 'The ledger sent a link to another host.');
    return list;
  },
  record: ({ id, name, email, phone }) => ({ externalId: String(id), name, email, phone }),
  page({ rows }, record) {
    const readable = rows.filter((row) => typeof row.id === 'string');
    return {
      records: readable.filter((row) => !row.deleted).map(record),
      unreadable: rows
        .filter((row) => typeof row.id !== 'string')
        .map(() => ({ externalId: null, where: 'a row', problem: 'its id is no text' })),
      skipped: { deleted: readable.filter((row) => row.deleted).length },
    };
  },
  pages: (list) => list.pages,
  moved: (list, first) => list.total !== first.total,
  again: (list, before) => JSON.stringify(list.rows) === JSON.stringify(before.rows),
  place: () => ({ number: 1 }),
  end: () => ({ complete: true, tenant: 't1' }),
};

function parsed(body: string): List | { error: unknown; next?: never } {
  try {
    return JSON.parse(body);
  } catch {
    throw failure('source_incomplete', 'The answer of the ledger ends in its middle.');
  }
}

export function ledger(system: System, changed: Partial<Parts> = {}): ContactSource {
  const parts = { ...sound, ...changed };
  return {
    source: parts.source,
    async *read({ signal }) {
      const place = parts.place();
      let first: List | null = null;
      let list: List | null = null;
      do {
        const answer = await parts.finish(await parts.ask(system, place.number, signal, parts), signal, place.number);
        const before: List | null = list;
        list = parts.open(answer, place.number, system);
        first ??= list;
        if (parts.moved(list, first)) throw failure('source_incomplete', 'The ledger changed while it was read.');
        if (before !== null && parts.again(list, before)) throw failure('source_incomplete', 'A page came twice.');
        yield parts.page(list, parts.record);
        place.number += 1;
      } while (place.number <= parts.pages(list, first));
      return parts.end();
    },
  };
}

/** Time as turns of the event loop: nothing here sleeps, and a busy machine changes nothing. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  for (let turns = 0; turns < ms; turns += 1) await turn(undefined, { signal });
}

export function harnessOf(make: (system: System) => ContactSource): SourceHarness {
  return {
    pageSize,
    patienceMs: 80,
    wait,
    async open(world): Promise<OpenedSource> {
      const { system, ...fake } = fakeLedger(world);
      return { source: make(system), ...fake };
    },
  };
}
