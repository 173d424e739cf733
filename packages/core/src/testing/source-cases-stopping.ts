import type { ContactSource } from '../source.js';
import type { OpenedSource } from './source-harness.js';
import { type Check, fail, isCancellation, type Kit, named, type Reading } from './source-kit.js';

/** Reads once, and gives the number of requests it took. */
async function requestsOf(kit: Kit, { source, requests }: OpenedSource): Promise<number> {
  const before = requests();
  await kit.read(source);
  return requests() - before;
}

/**
 * Whether no request is on its way. A further whole read is how long a late one gets to arrive: that takes no clock, and
 * no guess of how slow a fake may be.
 */
async function expectQuiet(kit: Kit, opened: OpenedSource, since: number, ofOneRead: number): Promise<void> {
  await kit.read(opened.source);
  const further = opened.requests() - since - ofOneRead;
  if (further > 0) fail(`${further} requests were made that nobody asked for`);
}

async function expectCancelled(kit: Kit, reading: Reading, signal: AbortSignal): Promise<void> {
  let step: IteratorResult<unknown>;
  try {
    step = await kit.within(reading.next(), 'the end of a cancelled read');
  } catch (error) {
    if (isCancellation(error, signal)) return;
    fail(`a cancelled read ends with cancelled or the signal's reason, and not with ${named(error)}`, error);
  }
  fail(step.done ? 'the cancelled read completed' : 'the cancelled read handed over a page');
}

async function cancelledDuring(kit: Kit, fault: 'hang' | 'stall'): Promise<void> {
  const opened = await kit.open();
  opened.fault(fault);
  const { reading, cancel } = begin(opened.source);
  const cancelled = expectCancelled(kit, reading, cancel.signal);
  // Noticed below, even if the read fails before it is cancelled.
  cancelled.catch(() => undefined);
  await kit.until(() => opened.requests() > 0, 'a request');
  // The first bytes have a moment to arrive.
  if (fault === 'stall') await kit.harness.wait(10, kit.signal);
  cancel.abort();
  await cancelled;
}

function begin(source: ContactSource): { reading: Reading; cancel: AbortController } {
  const cancel = new AbortController();
  return { reading: source.read({ signal: cancel.signal }), cancel };
}

export const stoppingChecks: readonly Check[] = [
  {
    id: 'asks_nothing_before_next',
    name: 'makes no request before the first page is asked for',
    async check(kit) {
      const opened = await kit.open();
      const ofOneRead = await requestsOf(kit, opened);
      const before = opened.requests();
      opened.source.read({ signal: kit.signal });
      await expectQuiet(kit, opened, before, ofOneRead);
    },
  },
  {
    id: 'cancelled_before',
    name: 'ends as cancelled, without a request, if it was cancelled before it began',
    async check(kit) {
      const opened = await kit.open();
      const ofOneRead = await requestsOf(kit, opened);
      const before = opened.requests();
      const cancel = new AbortController();
      cancel.abort();
      await expectCancelled(kit, opened.source.read({ signal: cancel.signal }), cancel.signal);
      await expectQuiet(kit, opened, before, ofOneRead);
    },
  },
  {
    id: 'cancelled_between_pages',
    name: 'ends as cancelled, without a further request, if it is cancelled between two pages',
    async check(kit) {
      const opened = await kit.open();
      const ofOneRead = await requestsOf(kit, opened);
      const { reading, cancel } = begin(opened.source);
      await kit.within(reading.next(), 'the first page');
      const before = opened.requests();
      cancel.abort();
      await expectCancelled(kit, reading, cancel.signal);
      await expectQuiet(kit, opened, before, ofOneRead);
    },
  },
  {
    id: 'cancelled_in_flight',
    name: 'ends as cancelled, soon, if it is cancelled while an answer is awaited',
    needs: ['hang'],
    check: (kit) => cancelledDuring(kit, 'hang'),
  },
  {
    id: 'cancelled_in_body',
    name: 'ends as cancelled, soon, if it is cancelled while the rest of an answer is awaited',
    needs: ['stall'],
    check: (kit) => cancelledDuring(kit, 'stall'),
  },
  {
    id: 'stops_when_left',
    name: 'makes no further request once its reader has left',
    async check(kit) {
      const opened = await kit.open();
      const ofOneRead = await requestsOf(kit, opened);
      const { reading } = begin(opened.source);
      await kit.within(reading.next(), 'the first page');
      const before = opened.requests();
      const left = await kit.within(reading.return({ complete: true, tenant: null }), 'return()');
      if (!left.done) fail('return() gave a page');
      await expectQuiet(kit, opened, before, ofOneRead);
    },
  },
];
