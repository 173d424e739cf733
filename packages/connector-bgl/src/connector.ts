import { type Connector, type ContactSource, readSettings } from '@contact-sync/core';
import { type BglOptions, type BglSettings, bglSettings } from './settings.js';
import { signIn } from './sign-in.js';
import { bglSource, sourceOf } from './source.js';

export const connector: Connector<BglOptions> = {
  name: 'bgl',
  title: 'BGL CAS 360 and Simple Fund 360',
  settings: bglSettings,
  secrets: { accessToken: 'BGL_ACCESS_TOKEN' },
  create: bglSource,
  sourceOf,
  signIn,
};

/**
 * The people of one firm in BGL CAS 360 and Simple Fund 360, as a source to sync from.
 *
 * @throws ContactSyncError `setting_missing` or `setting_invalid`, naming every setting that is wrong
 */
export function bgl(settings: BglSettings): ContactSource {
  return bglSource(readSettings(connector, settings));
}
