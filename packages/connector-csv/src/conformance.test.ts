import { setTimeout } from 'node:timers/promises';
import { type SourceFault, type SourceHarness, sourceCases } from '@contact-sync/core/testing';
import { expect, test } from 'vitest';
import type { OpenFile } from './bytes.js';
import { csv } from './index.js';
import { csvText, inTheMiddle, tableOf } from './mock/file.js';

const refusal = (code: string, secret: string) => Object.assign(new Error(`${code}: open '${secret}'`), { code });

/** A file in memory, with faults. A password of its own a file does not have; a fault repeats one nevertheless. */
function fileWith(text: string, secret: string) {
  let opened = 0;
  let fault: SourceFault | null = null;
  const open: OpenFile = async () => {
    opened += 1;
    if (fault === 'unauthorized') throw refusal('EACCES', secret);
    if (fault === 'unavailable') throw refusal('EIO', secret);
    const hang = fault === 'hang';
    const page = `<html>Sign in, and not with ${secret}</html>`;
    const bytes = Buffer.from(fault === 'garbage' ? page : fault === 'cut' ? inTheMiddle(text) : text);
    let at = 0;
    return {
      stat: async () => ({ size: BigInt(bytes.length), mtimeNs: 0n, isFile: () => true, isDirectory: () => false }),
      async read(into) {
        if (hang) await new Promise(() => {});
        const bytesRead = bytes.copy(into, 0, at);
        at += bytesRead;
        return { bytesRead, buffer: into };
      },
      close: async () => {},
    };
  };
  const order = (next: SourceFault | null) => {
    fault = next;
  };
  return { open, opened: () => opened, order };
}

const harness: SourceHarness = {
  pageSize: 500,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  async open({ records, others, secret }) {
    // In turns a row without anything, and one with too few cells.
    const more = Array.from({ length: others }, (_, n) => (n % 2 === 0 ? ',,,\r\n' : `gone-${n},Left Out\r\n`));
    const file = fileWith(csvText(tableOf(records)) + more.join(''), secret);
    return {
      source: csv({ file: 'contacts.csv', open: file.open }),
      rows: records.length + others,
      requests: file.opened,
      fault: file.order,
    };
  },
};

test.each(sourceCases())('$id: $name', async ({ run }) => {
  expect(await run(harness)).toBe('passed');
});
