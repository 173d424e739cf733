import { ContactSyncError } from '@contact-sync/core';
import type { Command } from 'commander';
import { keyVariables } from '../secrets/key-sources.js';
import type { Terminal } from '../terminal.js';
import { alertVariables, type BookConfig, type Config, configOfBook } from './config.js';
import { loadConfig } from './load.js';

/** What the configuration says to a command, below its flags and the environment. */
export type Configured = {
  /** The file it stands in. */
  readonly file: string;
  readonly config: Config;
  /** What holds in the book that is meant. */
  readonly ofBook: BookConfig;
};

/** A terminal with an environment of its own, into which a configuration can put where the key is. */
export function withOwnEnv(terminal: Terminal): Terminal & { readonly env: Record<string, string | undefined> } {
  return { ...terminal, env: { ...terminal.env } };
}

/** Fills in what neither a flag nor the environment says. For commands that take a configuration, before they run. */
export async function configure(command: Command, terminal: ReturnType<typeof withOwnEnv>): Promise<Configured | null> {
  const { env, cwd } = terminal;
  const named: unknown = command.getOptionValue('config') ?? env.CONTACT_SYNC_CONFIG;
  const loaded = await loadConfig({ cwd, named: typeof named === 'string' && named !== '' ? named : undefined });
  if (loaded === null) return null;
  const { file, config } = loaded;

  fill(command, 'store', config.store);
  fill(command, 'book', config.book);
  const ofBook = configOfBook(config, String(command.getOptionValue('book') ?? 'default'));
  fill(command, 'keepDays', ofBook.keepDays);
  fill(command, 'region', ofBook.policy?.region);
  const configured = { file, config, ofBook };
  command.setOptionValueWithSource('configured', configured, 'config');

  const { key, alerts } = config;
  if (key !== undefined && Object.values(keyVariables).every((name) => (env[name] ?? '') === '')) {
    if ('file' in key) env[keyVariables.file] = key.file;
    else env[keyVariables.command] = key.command;
  }
  fill(command, 'alertMail', [alerts?.email?.to ?? []].flat().join(', ') || undefined);
  fill(command, 'alertRejected', alerts?.rejectedShare);
  if (typeof alerts?.webhook === 'string') fillEnv(env, alertVariables.webhook, alerts.webhook);
  if (alerts?.email?.from !== undefined) fillEnv(env, alertVariables.from, alerts.email.from);
  // The page of a fleet tells nobody: its workers do.
  const missing = command.name() === 'serve' && command.parent?.name() !== 'fleet' ? missingForAlerts(config, env) : [];
  if (missing.length > 0) throw cannotAlert(file, missing);
  return configured;
}

/** A service that cannot call for help is not begun. */
function cannotAlert(file: string, missing: readonly string[]): ContactSyncError {
  const not = missing.length === 1 ? 'is not set' : 'are not set';
  return new ContactSyncError('setting_missing', `${file} wants alerts, and ${missing.join(' and ')} ${not}.`, {
    hint: 'Set it in the environment of the service: it holds a secret, and does not belong in a file.',
  });
}

/** Alerts that the configuration wants, and whose secret is not in the environment: the variables that are missing. */
export function missingForAlerts({ alerts }: Config, env: Terminal['env']): readonly string[] {
  const wanted = [
    [alerts?.email !== undefined, alertVariables.smtp],
    [alerts?.webhook === true, alertVariables.webhook],
    [alerts?.slack === true, alertVariables.slack],
  ] as const;
  return wanted.flatMap(([wants, variable]) => (wants && (env[variable] ?? '') === '' ? [variable] : []));
}

export function takesConfig(command: Command): boolean {
  return command.options.some((option) => option.attributeName() === 'config');
}

function fillEnv(env: Record<string, string | undefined>, name: string, value: string): void {
  if ((env[name] ?? '') === '') env[name] = value;
}

function fill(command: Command, name: string, value: unknown): void {
  const known = command.options.some((option) => option.attributeName() === name);
  const source = command.getOptionValueSource(name);
  if (!known || value === undefined || (source !== undefined && source !== 'default')) return;
  command.setOptionValueWithSource(name, value, 'config');
}
