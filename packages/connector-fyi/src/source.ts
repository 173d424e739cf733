import { type ContactSource, pageOf, sourceName } from '@contact-sync/core';
import { fyiClient } from './api.js';
import { type Outcome, outcomesOf, type Wanted } from './map.js';
import { cancelled } from './pace.js';
import { type ListRow, pagesOf } from './pages.js';
import { checkShape, clientOf } from './rows.js';
import type { FyiOptions } from './settings.js';

export function sourceOf({ practice }: Pick<FyiOptions, 'practice'>): string {
  return sourceName('fyi', practice);
}

export function fyiSource(options: FyiOptions): ContactSource {
  // Made here, so that an address that may not be called is refused before anybody reads or writes.
  const client = fyiClient(options);
  return {
    source: sourceOf(options),
    async *read({ signal }) {
      let first = true;
      for await (const rows of pagesOf((page) => client.list(page, signal))) {
        // Rows that had arrived before are not handed over either.
        if (signal.aborted) throw cancelled();
        if (first) checkShape(rows.map(({ row }) => row));
        first = false;
        yield pageOf(rows.flatMap((row) => outcomesOfRow(row, options)));
      }
      if (signal.aborted) throw cancelled();
      // Nothing in FYI's answers names the practice.
      return { complete: true, tenant: null };
    },
  };
}

function outcomesOfRow({ row, place, repeated }: ListRow, wanted: Wanted): Outcome[] {
  const outcomes = outcomesOf(clientOf(row), place, wanted);
  return repeated ? outcomes.map(() => ({ skipped: 'row_repeated' })) : outcomes;
}
