import { pino } from 'pino';
import type { LogLevel, ServeLog } from './log.js';

/** JSON, a line each. What goes in is chosen field by field, and a `Secret` shows itself to nobody. */
export function jsonLog(level: LogLevel, write: (line: string) => void, now: () => Date): ServeLog {
  const lines = pino(
    {
      level,
      base: null,
      messageKey: 'text',
      timestamp: () => `,"at":"${now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return {
    error: (facts, text) => lines.error(facts, text),
    warn: (facts, text) => lines.warn(facts, text),
    info: (facts, text) => lines.info(facts, text),
    debug: (facts, text) => lines.debug(facts, text),
  };
}
