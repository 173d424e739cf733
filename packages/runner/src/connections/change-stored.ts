import { ContactSyncError, parsePolicy } from '@contact-sync/core';
import { parseSchedule, scheduleText } from '../serve/schedule.js';
import type { Terminal } from '../terminal.js';
import { askSecrets, refuseSecrets, signInClient } from './ask-secrets.js';
import { connecting } from './grants.js';
import { keepable } from './keepable.js';
import { checkSame, loadStored } from './open-stored.js';
import { probe, sourceOf } from './source.js';
import { type StoredConnection, writeStored } from './stored.js';
import { policyOf } from './texts.js';
import type { Secrets } from './vaults.js';

export type Changes = {
  readonly settings: Readonly<Record<string, string>>;
  readonly policy: Readonly<Record<string, string>>;
  /** Names of settings or policies to take away. */
  readonly unset: readonly string[];
  /** As `parseSchedule` reads it; null: as it was. */
  readonly schedule: string | null;
  /** Whether to take secrets anew. */
  readonly secrets: boolean;
  readonly asks: boolean;
};

/** Changes what is stored of a connection, if its source can be read so and stays the same. Gives the source. */
export async function changed(
  terminal: Terminal,
  secrets: Secrets,
  book: string,
  name: string,
  changes: Changes,
): Promise<string> {
  return await connecting(secrets.vault, book, async () => {
    const { source, stored, connector } = await loadStored(terminal, secrets, book, name);
    refuseSecrets(connector, changes.settings);
    const next: StoredConnection = {
      ...stored,
      settings: without({ ...stored.settings, ...keepable(changes.settings, terminal.cwd) }, changes.unset),
      policy: without({ ...stored.policy, ...changes.policy }, changes.unset),
      schedule: changes.schedule === null ? stored.schedule : scheduleText(parseSchedule(changes.schedule)),
    };
    const unknown = changes.unset.filter((word) => !(word in stored.settings) && !(word in stored.policy));
    if (unknown.length > 0) {
      throw new ContactSyncError(
        'setting_invalid',
        `${source} has no setting or policy ${unknown.join(', ')} stored.`,
        {
          hint: `See what is stored: contact-sync connections show ${source}`,
        },
      );
    }
    parsePolicy(policyOf(next.policy));
    const renewed = changes.secrets ? await withNewSecrets() : next;
    const reading = sourceOf(connector, renewed, secrets.sealed);
    checkSame(source, reading.source);
    await probe(reading, terminal.signal);
    await writeStored(secrets.sealed, book, source, renewed);
    return source;

    async function withNewSecrets(): Promise<StoredConnection> {
      const setting = stored.signIn === null ? undefined : connector.signIn?.setting;
      const held = await askSecrets(terminal, connector, {
        asks: changes.asks && stored.signIn === null,
        without: setting,
      });
      const both = { ...stored.secrets, ...held };
      if (stored.signIn === null) return { ...next, secrets: both };
      const client = await signInClient(terminal, connector, changes.asks);
      return { ...next, secrets: both, signIn: { ...stored.signIn, client: client ?? stored.signIn.client } };
    }
  });
}

function without(texts: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !names.includes(name)));
}
