import { type Connector, type ContactSource, readSettings } from '@contact-sync/core';
import { type CsvOptions, type CsvSettings, csvSettings } from './settings.js';
import { csvSource, sourceOf } from './source.js';

export const connector: Connector<CsvOptions> = {
  name: 'csv',
  title: 'CSV file',
  settings: csvSettings,
  secrets: {},
  create: csvSource,
  sourceOf,
};

/**
 * The people of a CSV file, or of standard input, as a source to sync from.
 *
 * @throws ContactSyncError `setting_missing` or `setting_invalid`, naming every setting that is wrong
 */
export function csv(settings: CsvSettings): ContactSource {
  return csvSource(readSettings(connector, settings));
}
