import type { DatabaseSync } from 'node:sqlite';
import { type XpmSettings, xpm } from '@contact-sync/connector-xpm';
import { sync } from '@contact-sync/runner';
import { peopleStore } from './people-store.js';

/** Makes a firm's people follow its practice in Xero Practice Manager. What the host calls every hour. */
export async function syncFirm(db: DatabaseSync, firm: string, settings: XpmSettings) {
  const store = peopleStore(db, firm);
  const source = xpm(settings);
  const { outcome, plan } = await sync({ source, store, actor: 'signing desk' });
  // Nothing was written then: somebody looks at why, and approves it or mends the source.
  if (outcome === 'blocked') return { outcome, stopped: plan.blocked.map(({ message }) => message) };
  return { outcome, stopped: [] };
}
