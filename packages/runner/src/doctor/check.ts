import { asContactSyncError } from '@contact-sync/core';

export const areas = [
  'configuration',
  'store',
  'keys',
  'alerts',
  'connection',
  'tokens',
  'connectivity',
  'read',
  'tenant',
  'limits',
  'clock',
] as const;

/** One thing that was looked at. */
export type Check = {
  readonly area: (typeof areas)[number];
  /** The source that it is about; null where it is about all. */
  readonly source: string | null;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly says: string;
  /** What to do; null where nothing is to be done. */
  readonly hint: string | null;
};

type About = Pick<Check, 'area' | 'source'>;

export function ok(about: About, says: string): Check {
  return { ...about, state: 'ok', says, hint: null };
}

export function warning(about: About, says: string, hint: string): Check {
  return { ...about, state: 'warning', says, hint };
}

export function failed(about: About, says: string, hint: string): Check {
  return { ...about, state: 'failed', says, hint };
}

/** What an error says; never its cause, which may say too much. */
export function failedBy(about: About, error: unknown): Check {
  const { message, hint, code } = asContactSyncError(error);
  return failed(about, `${message} (${code})`, hint);
}
