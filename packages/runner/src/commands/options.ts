import {
  type ConnectionKind,
  type ContactSource,
  type ContactStore,
  ContactSyncError,
  type PolicyInput,
  policySchema,
} from '@contact-sync/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Configured } from '../config/apply.js';
import { namesStored } from '../connections/find.js';
import { withStored } from '../connections/open-stored.js';
import { policyOf } from '../connections/texts.js';
import { loadConnector, settingsFor } from '../connectors.js';
import { runLock } from '../run-lock.js';
import { type Mode, openStore, openVault, type Place } from '../stores.js';
import type { Terminal } from '../terminal.js';

export type OutputOptions = { readonly json?: boolean; readonly verbose?: boolean };
export type StoreOptions = OutputOptions & {
  readonly store?: string;
  readonly book: string;
  /** What the configuration says, where there is one. Store, book and days are in their options already. */
  readonly configured?: Configured;
};
export type SourceOptions = {
  readonly from: string;
  readonly set?: Record<string, string>;
  readonly policy?: Record<string, string>;
  readonly kind?: ConnectionKind;
};

export function withOutput(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on standard output, and nothing else there')
    .option('--quiet', 'print errors only, and what --json asks for')
    .option('--verbose', 'show what is behind an error');
}

export function withStore(command: Command): Command {
  return withOutput(command)
    .addOption(
      new Option('--store <store>', 'where the contact book is: sqlite:FILE or postgres://…').env('CONTACT_SYNC_STORE'),
    )
    .addOption(new Option('--book <name>', 'which book of the store').env('CONTACT_SYNC_BOOK').default('default'))
    .option('--config <file>', 'the configuration; contact-sync.config.ts of this folder or one above it unless said');
}

export function withSource(command: Command): Command {
  return withSettings(
    withStore(command).requiredOption(
      '--from <connector>',
      'what to read: a connector (xpm, …), or a stored connection (xpm:8c0e…)',
    ),
  );
}

export function withSettings(command: Command): Command {
  return command
    .option('--set <name=value>', 'a setting of the connector; give it as often as needed', collect)
    .option('--policy <name=value>', `a policy: ${Object.keys(policySchema.shape).join(', ')}`, collect);
}

function collect(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It has the form name=value.');
  const name = text.slice(0, at);
  if (Object.hasOwn(earlier, name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return { ...earlier, [name]: text.slice(at + 1) };
}

/** Does its work with the book open, and closes it whatever happens. */
export async function withBook<T>(
  terminal: Terminal,
  options: StoreOptions,
  mode: Mode,
  work: (store: ContactStore) => Promise<T>,
): Promise<T> {
  const store = await openStore(placeOf(terminal, options), mode);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The same, while no other process runs this connection. `signal` also aborts when the lock was lost. */
export async function withConnection<T>(
  terminal: Terminal,
  options: StoreOptions,
  source: string,
  work: (store: ContactStore, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return await withBook(terminal, options, 'write', async (store) => {
    const vault = await openVault(placeOf(terminal, options));
    try {
      const key = runLock(options.book, source);
      return await vault.locked(key, ({ signal }) => work(store, AbortSignal.any([terminal.signal, signal])));
    } finally {
      await vault.close();
    }
  });
}

export function placeOf({ cwd }: Terminal, { store, book }: StoreOptions): Place {
  return { address: store, book, cwd };
}

/** What a command reads from, and how. */
export type Reading = {
  readonly source: ContactSource;
  readonly policy: PolicyInput;
  readonly kind: ConnectionKind | undefined;
};

/** Does its work with the source that `--from` names: a connector with the settings given, or a stored connection. */
export async function withReading<T>(
  terminal: Terminal,
  options: SourceOptions & StoreOptions,
  work: (reading: Reading) => Promise<T>,
): Promise<T> {
  if (namesStored(options.from)) return await withStoredReading(terminal, options, work);
  const connector = await loadConnector(options.from, terminal.cwd);
  const source = connector.create(settingsFor(connector, options.set ?? {}, terminal.env));
  return await work({ source, policy: policyFor(options), kind: options.kind });
}

async function withStoredReading<T>(
  terminal: Terminal,
  options: SourceOptions & StoreOptions,
  work: (reading: Reading) => Promise<T>,
): Promise<T> {
  if (options.set !== undefined) {
    throw new ContactSyncError('usage', `${options.from} is a stored connection: it has its settings already.`, {
      hint: `Change them with: contact-sync connections set ${options.from} --set name=value`,
    });
  }
  return await withStored(terminal, placeOf(terminal, options), options.from, async (source, stored) => {
    const policy = policyFor(options, stored.policy);
    return await work({ source, policy, kind: options.kind ?? stored.kind ?? undefined });
  });
}

/** What the command says goes before what is stored of the connection, and that before the configuration. */
export function policyFor(
  { policy, configured }: Pick<SourceOptions & StoreOptions, 'policy' | 'configured'>,
  stored: Readonly<Record<string, string>> = {},
): PolicyInput {
  return { ...configured?.ofBook.policy, ...policyOf({ ...stored, ...policy }) };
}

export function notFound(what: string, hint: string): ContactSyncError {
  return new ContactSyncError('not_found', what, { hint });
}

export function wholeNumber(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError('It is a whole number above 0.');
  return n;
}
