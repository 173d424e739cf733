import { setImmediate as turn } from 'node:timers/promises';
import {
  type Complete,
  type ContactSource,
  ContactSyncError,
  type ErrorCode,
  type Page,
  type RawRecord,
} from '../src/index.js';
import type { OpenedSource, SourceFault, SourceHarness, SourceWorld } from '../src/testing/index.js';

/* A little system, its fake, and a sound connector for it in replaceable parts, to break them one at a time. */

export type Row = {
  id: unknown;
  name: string | null;
  email: string | null;
  phone: string | null;
  born: string;
  deleted: boolean;
};
export type List = { rows: Row[]; total: number; pages: number };
export type Answer = { status: number; body: string };
export type System = {
  /** One page, counted from 1. A page beyond the last is answered with 404. */
  get(page: number, signal: AbortSignal): Promise<Answer>;
  readonly token: string;
};

const pageSize = 3;

function fakeOf(world: SourceWorld) {
  let fault: SourceFault | null = null;
  let requests = 0;
  const rows: Row[] = [
    ...world.records.map(({ externalId, ...details }) => ({
      id: externalId,
      ...details,
      born: '1970-01-01',
      deleted: false,
    })),
    ...Array.from({ length: world.others }, (_, index) => ({
      // Every second one is damaged: its id is no text.
      id: index % 2 === 0 ? `other-${index}` : index,
      name: 'Left Out',
      email: 'left.out@example.com',
      phone: null,
      born: '1970-01-01',
      deleted: index % 2 === 0,
    })),
  ];
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const system: System = {
    token: world.secret,
    async get(page, signal) {
      signal.throwIfAborted();
      requests += 1;
      if (fault === 'hang')
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      await turn(undefined, { signal });
      if (fault === 'unauthorized') return { status: 401, body: `the token ${world.secret} is no longer good` };
      if (fault === 'unavailable') return { status: 503, body: `down for ${world.secret}` };
      if (fault === 'garbage') return { status: 200, body: `<html>Sign in again, ${world.secret}</html>` };
      if (page > pages) return { status: 404, body: '' };
      const list: List = { rows: rows.slice((page - 1) * pageSize, page * pageSize), total: rows.length, pages };
      const body = JSON.stringify(list);
      return { status: 200, body: fault === 'cut' ? body.slice(0, -10) : body };
    },
  };
  return {
    system,
    rows: rows.length,
    requests: () => requests,
    fault: (next: SourceFault | null) => {
      fault = next;
    },
  };
}

export function failure(code: ErrorCode, message: string, cause?: unknown): ContactSyncError {
  return new ContactSyncError(code, message, { hint: 'Try again later.', cause });
}

/** A connector in parts. Each has the right thing to do as its default. */
export type Parts = {
  source: string;
  ask(system: System, page: number, signal: AbortSignal): Promise<Answer>;
  open(answer: Answer, page: number, system: System): List;
  record(row: Row): RawRecord;
  page(list: List, record: Parts['record']): Page;
  pages(list: List): number;
  end: () => Complete;
};

export const sound: Parts = {
  source: 'ledger:t1',
  ask: (system, page, signal) => system.get(page, signal),
  open({ status, body }) {
    if (status === 401) throw failure('source_unauthorized', 'The ledger did not accept the token.');
    if (status !== 200) throw failure('source_unavailable', `The ledger answered with status ${status}.`);
    if (!body.startsWith('{')) throw failure('source_unreadable', 'The answer of the ledger is not JSON.');
    try {
      return JSON.parse(body);
    } catch {
      throw failure('source_incomplete', 'The answer of the ledger ends in its middle.');
    }
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
  end: () => ({ complete: true, tenant: 't1' }),
};

export function ledger(system: System, changed: Partial<Parts> = {}): ContactSource {
  const parts = { ...sound, ...changed };
  return {
    source: parts.source,
    async *read({ signal }) {
      let list: List;
      let number = 1;
      do {
        list = parts.open(await parts.ask(system, number, signal), number, system);
        yield parts.page(list, parts.record);
        number += 1;
      } while (number <= parts.pages(list));
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
    patienceMs: 50,
    wait,
    async open(world): Promise<OpenedSource> {
      const { system, ...fake } = fakeOf(world);
      return { source: make(system), ...fake };
    },
  };
}
