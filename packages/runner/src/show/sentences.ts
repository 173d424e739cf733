import { type Reason, reasons } from '@contact-sync/core';

/** The sentence of a reason, and what can be done where something can. */
export function sentencesOf(reason: Reason): { sentence: string; hint?: string } {
  return reasons[reason];
}
