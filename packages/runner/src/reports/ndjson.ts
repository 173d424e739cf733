import { decisionToJson } from '@contact-sync/core';
import type { Report } from './report.js';

/** The run in the first line, then a line for each decision, in the order of the run: all that the book knows of it. */
export function* reportToLines({ run, decisions }: Report): Generator<string, void, void> {
  yield `${JSON.stringify({ run })}\n`;
  for (const decision of decisions) yield `${decisionToJson(decision)}\n`;
}
