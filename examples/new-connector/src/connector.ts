import { type Connector, type ContactSource, readSettings } from '@contact-sync/core';
import { type AcmeOptions, type AcmeSettings, acmeSettings } from './settings.js';
import { acmeSource, sourceOf } from './source.js';

/** For runners, which know only the package's name. */
export const connector: Connector<AcmeOptions> = {
  name: 'acme',
  title: 'Acme',
  settings: acmeSettings,
  secrets: { token: 'ACME_TOKEN' },
  create: acmeSource,
  sourceOf,
};

/**
 * The people of one tenant of Acme, as a source to sync from.
 *
 * @throws ContactSyncError `setting_missing` or `setting_invalid`, naming every setting that is wrong
 */
export function acme(settings: AcmeSettings): ContactSource {
  return acmeSource(readSettings(connector, settings));
}
