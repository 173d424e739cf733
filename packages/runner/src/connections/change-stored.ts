import { ContactSyncError, parsePolicy } from '@contact-sync/core';
import type { Secret } from '../secrets/secret.js';
import { parseSchedule, scheduleText } from '../serve/schedule.js';
import type { Terminal } from '../terminal.js';
import { askSecrets, refuseSecrets, signInClient } from './ask-secrets.js';
import { connecting } from './grants.js';
import { keepable } from './keepable.js';
import { checkSame, type LoadFrom, loadStored, type Stored } from './open-stored.js';
import { probe, sourceOf } from './source.js';
import { type StoredConnection, type StoredSignIn, writeStored } from './stored.js';
import { policyOf } from './texts.js';
import type { Secrets } from './vaults.js';

export type Changes = {
  readonly settings: Readonly<Record<string, string>>;
  readonly policy: Readonly<Record<string, string>>;
  /** Names of settings or policies to take away. */
  readonly unset: readonly string[];
  /** As `parseSchedule` reads it; null: as it was. */
  readonly schedule: string | null;
  /** Gives the secrets that are taken anew. */
  readonly anew: ((found: Stored) => Promise<NewSecrets>) | null;
};

/** `client`: the app of a connection that signs in; null: as it was. */
export type NewSecrets = {
  readonly held: Readonly<Record<string, Secret>>;
  readonly client: StoredSignIn['client'] | null;
};

/** Changes what is stored of a connection, if its source can be read so and stays the same. Gives the source. */
export async function changed(
  world: LoadFrom & { readonly signal: AbortSignal },
  secrets: Secrets,
  book: string,
  name: string,
  changes: Changes,
): Promise<string> {
  return await connecting(secrets.vault, book, async () => {
    const found = await loadStored(world, secrets, book, name);
    const { source, stored, connector } = found;
    refuseSecrets(connector, changes.settings);
    const next: StoredConnection = {
      ...stored,
      settings: without({ ...stored.settings, ...keepable(changes.settings, world.cwd) }, changes.unset),
      policy: without({ ...stored.policy, ...changes.policy }, changes.unset),
      schedule: changes.schedule === null ? stored.schedule : scheduleText(parseSchedule(changes.schedule)),
    };
    const unknown = changes.unset.filter(
      (word) => !Object.hasOwn(stored.settings, word) && !Object.hasOwn(stored.policy, word),
    );
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
    const renewed = changes.anew === null ? next : withSecrets(next, await changes.anew(found));
    const reading = sourceOf(connector, renewed, secrets.sealed);
    checkSame(source, reading.source);
    await probe(reading, world.signal);
    await writeStored(secrets.sealed, book, source, renewed);
    return source;
  });
}

function withSecrets(stored: StoredConnection, { held, client }: NewSecrets): StoredConnection {
  const { signIn } = stored;
  return {
    ...stored,
    secrets: { ...stored.secrets, ...held },
    signIn: signIn && { ...signIn, client: client ?? signIn.client },
  };
}

/** New secrets from the environment, or from a person at a terminal. */
export function askAnew(terminal: Terminal, asks: boolean): NonNullable<Changes['anew']> {
  return async ({ stored, connector }) => {
    const without = stored.signIn === null ? undefined : connector.signIn?.setting;
    const held = await askSecrets(terminal, connector, { asks: asks && stored.signIn === null, without });
    return { held, client: stored.signIn === null ? null : await signInClient(terminal, connector, asks) };
  };
}

function without(texts: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !names.includes(name)));
}
