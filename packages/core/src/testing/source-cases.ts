import { apartChecks } from './source-cases-apart.js';
import { changingChecks } from './source-cases-changing.js';
import { failingChecks } from './source-cases-failing.js';
import { passingChecks } from './source-cases-passing.js';
import { privateChecks } from './source-cases-private.js';
import { readingChecks } from './source-cases-reading.js';
import { stoppingChecks } from './source-cases-stopping.js';
import type { SourceCase, SourceHarness, SourceOutcome } from './source-harness.js';
import { type Check, fail, kitFor } from './source-kit.js';

const checks: readonly Check[] = [
  ...readingChecks,
  ...apartChecks,
  ...changingChecks,
  ...stoppingChecks,
  ...failingChecks,
  ...passingChecks,
  ...privateChecks,
];

/**
 * What every connector must do, as data: run each with any test runner. docs/write-a-connector.md shows how.
 *
 * A case throws where the connector fails it, and says `passed`, or from the harness's `cannot` why it does not apply.
 */
export function sourceCases(): SourceCase[] {
  return checks.map(({ id, name, needs = [], check }) => ({ id, name, run: (harness) => run(harness, needs, check) }));
}

async function run(
  harness: SourceHarness,
  needs: NonNullable<Check['needs']>,
  check: Check['check'],
): Promise<SourceOutcome> {
  for (const need of needs) {
    const reason = harness.cannot?.[need];
    if (reason?.trim() === '') fail(`the harness says that there is no ${need}, and not why`);
    if (reason !== undefined) return { cannot: reason };
  }
  const kit = kitFor(harness);
  try {
    await check(kit);
    return 'passed';
  } finally {
    await kit.close();
  }
}
