import { isAbsolute, resolve } from 'node:path';
import { type Connector, ContactSyncError, readSettings } from '@contact-sync/core';
import { loadPackage } from './load-package.js';
import { loadPath } from './load-path.js';

/** The connector that `--from` means: `xpm`, `@someone/connector-x`, or a path that begins with a dot or a slash. */
export async function loadConnector(from: string, cwd: string): Promise<Connector> {
  const { connector } = await loadConnectorPackage(from, '', cwd);
  if (isConnector(connector)) return connector;
  throw new ContactSyncError('connector_broken', `${packageOf(from)} does not export a connector.`, {
    hint: 'Install a version of it that fits this version of contact-sync.',
  });
}

/** The module of a connector's package; `subpath` is empty or begins with a slash. */
export async function loadConnectorPackage(
  from: string,
  subpath: string,
  cwd: string,
): Promise<Record<string, unknown>> {
  if (isPath(from)) return await loadPath({ path: resolve(cwd, from), shown: from, subpath });
  if (isScoped(from)) return await loadPackage({ name: from, subpath, cwd, what: `The connector ${from}` });
  if (!/^[a-z][a-z0-9-]*$/.test(from)) {
    throw new ContactSyncError('setting_invalid', `"${from}" is not the name of a connector.`, {
      hint: 'Connectors are named in lower case: --from xpm. A path begins with ./, a package of somebody else with @.',
    });
  }
  return await loadPackage({ name: packageOf(from), subpath, cwd, what: `The connector "${from}"` });
}

/** Settings given as text, with the secrets taken from the environment. */
export function settingsFor(
  connector: Connector,
  given: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): unknown {
  const secrets: Record<string, string> = {};
  for (const [name, variable] of Object.entries(connector.secrets)) {
    if (Object.hasOwn(given, name)) {
      throw new ContactSyncError('setting_invalid', `${name} is a secret and does not belong on a command line.`, {
        hint: `Put it in the environment variable ${variable}, where other users and the shell's history do not see it.`,
      });
    }
    const value = env[variable];
    if (value !== undefined && value !== '') secrets[name] = value;
  }
  return readSettings(connector, { ...given, ...secrets });
}

/** What `--from` means, as a package manager or a person finds it. */
export function packageOf(from: string): string {
  return isPath(from) || isScoped(from) ? from : `@contact-sync/connector-${from}`;
}

function isPath(from: string): boolean {
  return /^\.{1,2}([/\\]|$)/.test(from) || isAbsolute(from);
}

/** As npm allows it: nothing in it leads to another place than a package. */
function isScoped(from: string): boolean {
  return /^@[a-z0-9][a-z0-9._-]*\/[a-z0-9][a-z0-9._-]*$/.test(from);
}

function isConnector(value: unknown): value is Connector {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    // The first part of its sources' names, which are kept with every contact.
    typeof value.name === 'string' &&
    /^[a-z][a-z0-9-]*$/.test(value.name) &&
    'settings' in value &&
    'create' in value &&
    'sourceOf' in value
  );
}
