import { type Connection, parsePolicy } from '@contact-sync/core';
import type { Command } from 'commander';
import { askAnew, changed } from '../connections/change-stored.js';
import { endAccess, refuseConnected } from '../connections/end-access.js';
import { findStored } from '../connections/find.js';
import { loadStored } from '../connections/open-stored.js';
import { storedDetails } from '../connections/show-stored.js';
import { storedSources } from '../connections/stored.js';
import { policyOf } from '../connections/texts.js';
import { withSecrets, withVault } from '../connections/vaults.js';
import { connectionsTable, storedText } from '../show/connections.js';
import type { Mode } from '../stores.js';
import type { Terminal } from '../terminal.js';
import { placeOf, type StoreOptions, withBook, withSettings, withStore } from './options.js';

type SetOptions = StoreOptions & {
  readonly set?: Record<string, string>;
  readonly policy?: Record<string, string>;
  readonly unset?: readonly string[];
  readonly schedule?: string;
  readonly secrets?: boolean;
};

const aConnection = 'the source of a stored connection, or the beginning of it';

/** One list of what the book knows of sources, and of what is stored to read them. */
export function storedConnectionsCommands(program: Command, terminal: Terminal): void {
  const connections = program
    .command('connections')
    .description('the sources that the book is or was connected to, and what is stored to read them');

  withStore(connections.command('list', { isDefault: true }))
    .description('list them')
    .action(async (options: StoreOptions) => {
      const stored = await withVault(placeOf(terminal, options), 'read', (vault) => storedSources(vault, options.book));
      const known = await connectionsOf(terminal, options, stored.length > 0 ? 'preview' : 'read');
      const all = [
        ...known.map((connection) => ({ ...connection, stored: stored.includes(connection.source) })),
        ...stored
          .filter((source) => !known.some((connection) => connection.source === source))
          .map((source) => ({ source, kind: null, state: null, stored: true })),
      ];
      if (options.json) return terminal.out(`${JSON.stringify({ connections: all }, null, 2)}\n`);
      terminal.out(
        all.length === 0
          ? 'No connections yet: contact-sync connect stores one, and the first sync of a source connects it.\n'
          : connectionsTable(terminal, all),
      );
    });

  withStore(connections.command('show'))
    .argument('<source>', aConnection)
    .description('show what is stored to read a source, but never a secret')
    .action(async (name: string, options: StoreOptions) => {
      const details = await withSecrets(terminal, placeOf(terminal, options), 'read', async (secrets) =>
        storedDetails(secrets, await loadStored(terminal, secrets, options.book, name)),
      );
      const state = (await connectionsOf(terminal, options)).find(({ source }) => source === details.source)?.state;
      const shown = { ...details, state: state ?? null };
      terminal.out(options.json ? `${JSON.stringify(shown, null, 2)}\n` : storedText(terminal, shown));
    });

  withSettings(withStore(connections.command('set')))
    .argument('<source>', aConnection)
    .option('--unset <name>', 'take a setting or a policy away; give it as often as needed', several)
    .option(
      '--schedule <when>',
      'when serve syncs it: hourly, or cron and a time zone: "30 7 * * 1-5 Australia/Sydney"',
    )
    .option('--secrets', 'take the secrets anew, from the environment or a person')
    .description('change what is stored to read a source, once it was seen that it can be read so')
    .action(async (name: string, options: SetOptions) => {
      parsePolicy(policyOf(options.policy ?? {}));
      const source = await withSecrets(terminal, placeOf(terminal, options), 'write', (secrets) =>
        changed(terminal, secrets, options.book, name, {
          settings: options.set ?? {},
          policy: options.policy ?? {},
          unset: options.unset ?? [],
          schedule: options.schedule ?? null,
          anew: options.secrets ? askAnew(terminal, terminal.isInteractive && !options.json) : null,
        }),
      );
      terminal.out(
        options.json ? `${JSON.stringify({ source }, null, 2)}\n` : `Changed ${source}. It can be read with that.\n`,
      );
    });

  withStore(connections.command('remove'))
    .argument('<source>', aConnection)
    .description('remove what is stored to read a source that the book is not connected to')
    .action(async (name: string, options: StoreOptions) => {
      const place = placeOf(terminal, options);
      const source = await withVault(place, 'read', (vault) => findStored(vault, options.book, name));
      refuseConnected(await connectionsOf(terminal, options), source);
      await endAccess(terminal, place, source);
      terminal.out(options.json ? `${JSON.stringify({ removed: source }, null, 2)}\n` : `Removed ${source}.\n`);
    });
}

/** What the book knows; nothing yet where something is stored for it and nothing was synced. */
async function connectionsOf(
  terminal: Terminal,
  options: StoreOptions,
  mode: Mode = 'preview',
): Promise<readonly Connection[]> {
  return await withBook(terminal, options, mode, async (store) => (await store.head()).connections);
}

function several(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}
