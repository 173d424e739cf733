import type { ContactStore, Decision } from '@contact-sync/core';
import { notImportedCsv } from './csv.js';
import { reportToLines } from './ndjson.js';
import type { Report, ReportFormat } from './report.js';

/** A report of a run of the history, as text in pieces. Fails with `not_found`. */
export async function readReport(
  store: Pick<ContactStore, 'run' | 'decisions'>,
  run: string,
  format: ReportFormat,
): Promise<Iterable<string>> {
  const decisions: Decision[] = [];
  const report: Report = { run: await store.run(run), decisions };
  for await (const decision of store.decisions(run)) decisions.push(decision);
  if (format === 'csv') return [notImportedCsv(report)];
  if (format === 'ndjson') return reportToLines(report);
  // Only now: what renders it is not needed for anything else.
  const { reportToPage } = await import('./page.js');
  return reportToPage(report);
}
