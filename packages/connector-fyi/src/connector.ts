import { type Connector, type ContactSource, readSettings } from '@contact-sync/core';
import { type FyiOptions, type FyiSettings, fyiSettings } from './settings.js';
import { fyiSource, sourceOf } from './source.js';

export const connector: Connector<FyiOptions> = {
  name: 'fyi',
  title: 'FYI',
  settings: fyiSettings,
  secrets: { accessId: 'FYI_ACCESS_ID', accessSecret: 'FYI_ACCESS_SECRET' },
  create: fyiSource,
  sourceOf,
};

/**
 * The people of one practice in FYI, as a source to sync from.
 *
 * @throws ContactSyncError `setting_missing` or `setting_invalid`, naming every setting that is wrong
 */
export function fyi(settings: FyiSettings): ContactSource {
  return fyiSource(readSettings(connector, settings));
}
