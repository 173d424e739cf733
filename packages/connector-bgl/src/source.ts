import { type ContactSource, type Page, pageOf, sourceName } from '@contact-sync/core';
import { type BglApi, bglApi } from './api.js';
import { failure } from './errors.js';
import { fundRows } from './funds.js';
import { contactOutcome, type JointMember, jointOutcomes, type Outcome } from './map.js';
import { type Copy, outcomesOfPeople } from './people.js';
import type { BglOptions } from './settings.js';
import { walk } from './walk.js';
import type { Row, WireContact } from './wire.js';

/** Rows of a page of people of Simple Fund 360, who are handed over once all funds were read. */
const pageSize = 500;

export function sourceOf({ firm }: Pick<BglOptions, 'firm'>): string {
  return sourceName('bgl', firm);
}

export function bglSource(options: BglOptions): ContactSource {
  // Made here, so that an address that may not be called is refused before anybody reads or writes.
  const api = bglApi(options);
  return {
    source: sourceOf(options),
    async *read({ signal }) {
      const { id: tenant } = await api.account(signal);
      if (options.contacts !== 'none') yield* contactPages(api, options.contacts, signal);
      if (options.members || options.trustees) yield* peoplePages(api, options, signal);
      checkCancelled(signal);
      return { complete: true, tenant };
    },
  };
}

async function* contactPages(api: BglApi, contacts: 'people' | 'all', signal: AbortSignal): AsyncGenerator<Page, void> {
  const listed = new Set<string>();
  const joint: JointMember[] = [];
  let left: Page['requestsLeft'];
  for await (const { rows, repeated, requestsLeft } of walk((offset) => api.contacts(offset, signal), idOf)) {
    left = requestsLeft;
    const outcomes: Outcome[] = Array.from({ length: repeated }, () => ({ skipped: 'repeated' }));
    for (const row of rows) {
      const id = idOf(row);
      if (id !== null) listed.add(id);
      const outcome = contactOutcome(row, { contacts });
      if ('joint' in outcome) joint.push(outcome);
      else outcomes.push(outcome);
    }
    checkCancelled(signal);
    yield pageOf(outcomes, requestsLeft);
  }
  const outcomes = joint.flatMap((member) => jointOutcomes(member, listed));
  checkCancelled(signal);
  if (outcomes.length > 0) yield pageOf(outcomes, left);
}

async function* peoplePages(api: BglApi, options: BglOptions, signal: AbortSignal): AsyncGenerator<Page, void> {
  const copies: Copy[] = [];
  let left: Page['requestsLeft'];
  for await (const step of fundRows(api, options, signal)) {
    left = step.requestsLeft;
    copies.push(...step.copies);
    checkCancelled(signal);
    // Perhaps without a record, so that people see that it goes on: many funds take hours.
    yield pageOf(step.outcomes, left);
  }
  const outcomes = outcomesOfPeople(copies, options);
  for (let at = 0; at < outcomes.length; at += pageSize) {
    checkCancelled(signal);
    yield pageOf(outcomes.slice(at, at + pageSize), left);
  }
}

function idOf(row: Row<WireContact>): string | null {
  return row.value === null ? row.id : row.value.id;
}

/** Rows that had arrived before are not handed over either. */
function checkCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw failure('cancelled', 'The read of BGL was cancelled.', 'Nothing was written. Run it again when you like.');
}
