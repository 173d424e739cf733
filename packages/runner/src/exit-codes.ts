import { type Plan, type Reason, reasons } from '@contact-sync/core';

/** What the process ends with. Where several fit, the smallest that is not 0. */
export const exitCodes = {
  /** Also when records were rejected, or there was nothing to do. */
  done: 0,
  failed: 1,
  usage: 2,
  /** A guard stopped the run, or would stop it. */
  guarded: 3,
  /** With --fail-on-rejected: a run finished and rejected records. */
  rejected: 4,
  /** With plan --exit-code: there is something to do. */
  pending: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function smallest(codes: readonly ExitCode[]): ExitCode {
  return codes.filter((code) => code !== 0).sort((a, b) => a - b)[0] ?? exitCodes.done;
}

export function hasRejected({ counts }: Plan): boolean {
  return Object.keys(counts.reasons).some((reason) => reasons[reason as Reason].action === 'reject');
}
