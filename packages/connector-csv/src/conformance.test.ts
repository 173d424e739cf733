import { setTimeout } from 'node:timers/promises';
import type { RawRecord } from '@contact-sync/core';
import { type SourceHarness, sourceCases } from '@contact-sync/core/testing';
import { expect, test } from 'vitest';
import type { OpenFile } from './bytes.js';
import { csv } from './index.js';
import { csvText, inTheMiddle, tableOf } from './mock/file.js';

const refusals: Readonly<Record<string, string>> = {
  ...{ unauthorized: 'EACCES', forbidden: 'EPERM', absent: 'ENOENT', unavailable: 'EIO', reset: 'ECONNRESET' },
};

/** What is wrong with the bytes. A file has no password; a fault repeats one nevertheless. */
function spoilt(text: string, fault: string | null, secret: string): Buffer {
  if (fault === 'garbage') return Buffer.from(`<html>Sign in, and not with ${secret}</html>`);
  if (fault === 'cut') return Buffer.from(inTheMiddle(text));
  if (fault === 'empty') return Buffer.alloc(0);
  if (fault === 'charset') return Buffer.concat([Buffer.from(text), Buffer.from([0xe9, 0x0a])]);
  return Buffer.from(text);
}

/** A file in memory, with faults. What changes, changes for whoever opens it next. */
function fileWith(text: () => string, secret: string) {
  let opened = 0;
  let fault: string | null = null;
  const open: OpenFile = async () => {
    opened += 1;
    const now = fault;
    const code = refusals[now ?? ''];
    if (code !== undefined) throw Object.assign(new Error(`${code}: open '${secret}'`), { code });
    const bytes = spoilt(text(), now, secret);
    const stated = now === 'oversized' ? 2n ** 40n : BigInt(bytes.length + (now === 'broken_off' ? 10 : 0));
    let at = 0;
    return {
      stat: async () => ({ size: stated, mtimeNs: 0n, isFile: () => true, isDirectory: () => false }),
      async read(into) {
        if (now === 'hang' || (now === 'stall' && at > 0)) await new Promise(() => {});
        const piece = now === 'slow' || now === 'stall' ? 7 : bytes.length;
        const bytesRead = bytes.copy(into, 0, at, Math.min(bytes.length, at + piece));
        at += bytesRead;
        return { bytesRead, buffer: into };
      },
      close: async () => {},
    };
  };
  const order = (next: string | null) => {
    fault = next;
  };
  return { open, opened: () => opened, order };
}

const noWeb = 'a file is not asked for over the web';
const cannot: Record<string, string> = {
  expired: 'a file has no token',
  ...{ limited: noWeb, limited_long: noWeb, limited_once: noWeb, redirect: noWeb, refused: noWeb },
  ...{ bomb: 'a file is not packed', next_elsewhere: 'a file has no links', repeats: 'a file has one end' },
  ...{ unavailable_once: 'a file that cannot be read is told at once', reset_once: 'a file has no connection' },
};

const harness: SourceHarness = {
  pageSize: 500,
  cannot,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  async open({ records, others, secret, ...world }) {
    const { born = '', taxNumber = '' } = ('personal' in world ? world.personal : {}) as Record<string, string>;
    let people: readonly RawRecord[] = records;
    // In turns a row without anything, and one with too few cells.
    const more = Array.from({ length: others }, (_, n) => (n % 2 === 0 ? ',,,,,\r\n' : `gone-${n},Left Out\r\n`)).join(
      '',
    );
    const text = () => {
      const [headings = [], ...rows] = tableOf(people);
      const known = rows.map((row) => [...row, born, taxNumber]);
      return csvText([[...headings, 'Date of birth', 'Tax number'], ...known]) + more;
    };
    const file = fileWith(text, secret);
    return {
      source: csv({ file: 'contacts.csv', open: file.open }),
      rows: records.length + others,
      requests: file.opened,
      fault: file.order,
      insert: (added: readonly RawRecord[]) => {
        people = [...added, ...people];
      },
      remove: (id: string) => {
        people = people.filter(({ externalId }) => externalId !== id);
      },
    };
  },
};

test.each(sourceCases())('$id: $name', async ({ run }) => {
  const outcome = await run(harness);
  if (outcome !== 'passed') expect(Object.values(cannot)).toContain(outcome.cannot);
});
