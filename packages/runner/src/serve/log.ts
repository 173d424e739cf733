import type { ContactSyncError, ErrorCode } from '@contact-sync/core';
import { errorCodes } from '@contact-sync/core';
import type { Ended, Watcher } from './types.js';

/** Lines of a log: facts, and a sentence. */
export type ServeLog = Record<LogLevel, (facts: object, text: string) => void>;

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Messages that may name the field of a person. */
const personal: ReadonlySet<ErrorCode> = new Set(['plan_invalid', 'import_invalid', 'contact_read_only', 'not_found']);

/** What a log may say of an error: its message, but where that may hold somebody's data. Never what caused it. */
export function errorFacts({ code, message, hint, resumeAt, reference }: ContactSyncError): object {
  return {
    code,
    message: personal.has(code) ? `${errorCodes[code].title}.` : message,
    hint,
    ...(resumeAt === undefined ? {} : { resumeAt }),
    ...(reference === undefined ? {} : { reference }),
  };
}

/** Logs each run; with `personalData` also whom it changed, at `debug`. */
export function runLogger(log: ServeLog, personalData: boolean): Watcher {
  return {
    ended(ended) {
      const { book, source, milliseconds, requests } = ended;
      const about = { book, source, ms: Math.round(milliseconds), requests };
      if (ended.outcome === 'failed') {
        const quiet = ended.error.code === 'cancelled' || ended.error.code === 'locked';
        log[quiet ? 'info' : 'error']({ ...about, error: errorFacts(ended.error) }, 'sync failed');
        return;
      }
      const { plan, run, outcome } = ended;
      const { rows, reasons, flags } = plan.counts;
      const facts = { ...about, outcome, run: run.id, version: run.version, rows, reasons, flags };
      if (outcome === 'blocked') {
        const guards = plan.blocked.map(({ guard, count, of }) => ({ guard, count, of }));
        log.warn({ ...facts, guards }, 'a guard stopped the sync');
      } else log.info(facts, outcome === 'applied' ? 'synced' : 'nothing to do');
      if (personalData) logDecisions(log, ended);
    },
    alerted: ({ book, source, kind }) => log.warn({ book, source, kind }, 'alert'),
  };
}

function logDecisions(log: ServeLog, { book, source, plan }: Extract<Ended, { plan: unknown }>): void {
  for (const { reason, externalId, before, after } of plan.decisions) {
    log.debug({ book, source, reason, externalId, before, after }, 'decided');
  }
}
