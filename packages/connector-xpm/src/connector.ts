import { type Connector, type ContactSource, readSettings } from '@contact-sync/core';
import { type XpmOptions, type XpmSettings, xpmSettings } from './settings.js';
import { signIn } from './sign-in.js';
import { sourceOf, xpmSource } from './source.js';

export const connector: Connector<XpmOptions> = {
  name: 'xpm',
  title: 'Xero Practice Manager',
  settings: xpmSettings,
  secrets: { accessToken: 'XPM_ACCESS_TOKEN' },
  create: xpmSource,
  sourceOf,
  // https://developer.xero.com/documentation/guides/oauth2/limits/
  limits: { tenant: { minute: 60, day: 5000 }, app: { minute: 10_000 } },
  signIn,
};

/**
 * The people of one practice in Xero Practice Manager, as a source to sync from.
 *
 * @throws ContactSyncError `setting_missing` or `setting_invalid`, naming every setting that is wrong
 */
export function xpm(settings: XpmSettings): ContactSource {
  return xpmSource(readSettings(connector, settings));
}
