import { type Decision, type Reason, type Run, reasons } from '@contact-sync/core';

/** A run and what it decided: what every report is made from. A run of the history, or a plan that was only looked at. */
export type Report = {
  readonly run: Run;
  readonly decisions: readonly Decision[];
};

/** The formats of a report, and what each is for. */
export const reportFormats = {
  html: 'one page to look at, search and print, that needs no network',
  csv: 'the records that were not imported, for a spreadsheet',
  ndjson: 'everything, for programs',
} as const;

export type ReportFormat = keyof typeof reportFormats;

/** What waits for a person: rejected and held records. */
export function isOpen({ reason }: Decision): boolean {
  const { action } = reasons[reason];
  return action === 'reject' || action === 'hold';
}

/** Which field of the record a reason speaks of; null where it is the row as a whole. */
export function fieldOf(reason: Reason): 'id' | 'name' | 'email' | 'phone' | null {
  const [, field] = /^rejected_(id|name|email|phone)_/.exec(reason) ?? [];
  if (field === 'id' || field === 'name' || field === 'email' || field === 'phone') return field;
  return reason === 'rejected_duplicate_id' ? 'id' : null;
}
