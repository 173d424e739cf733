import { type ContactSource, pageOf, sourceName } from '@contact-sync/core';
import { clientList, xpmClient } from './api.js';
import { failure } from './errors.js';
import { type Outcome, outcomesOf } from './map.js';
import type { XpmOptions } from './settings.js';

/** Rows of a page: records, unreadable and skipped ones together. */
const pageSize = 500;

export function sourceOf({ tenantId }: Pick<XpmOptions, 'tenantId'>): string {
  return sourceName('xpm', tenantId);
}

export function xpmSource(options: XpmOptions): ContactSource {
  // Made here, so that an address that may not be called is refused before anybody reads or writes.
  const http = xpmClient(options);
  return {
    source: sourceOf(options),
    async *read({ signal }) {
      let outcomes: Outcome[] = [];
      let requestsLeft: Readonly<Record<string, number>> = {};
      for await (const batch of clientList(http, options.baseUrl, signal)) {
        requestsLeft = batch.requestsLeft;
        for (const client of batch.clients) {
          outcomes.push(...outcomesOf(client, options));
          while (outcomes.length >= pageSize) {
            checkCancelled(signal);
            yield pageOf(outcomes.slice(0, pageSize), requestsLeft);
            outcomes = outcomes.slice(pageSize);
          }
        }
      }
      checkCancelled(signal);
      // Perhaps without a row, so that people see how many requests are left.
      yield pageOf(outcomes, requestsLeft);
      // The answer does not tell whose it is; Xero's gateway refuses a token for any tenant but the one asked for.
      return { complete: true, tenant: null };
    },
  };
}

/** Rows that had arrived before are not handed over either. */
function checkCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  const message = 'The read of Xero Practice Manager was cancelled.';
  throw failure('cancelled', message, 'Nothing was written. Run it again when you like.', undefined);
}
