import { type Connector, ContactSyncError, readSettings } from '@contact-sync/core';
import { loadPackage } from './load-package.js';

/** `--set` values, and the secrets of the environment, as a source. The connector is loaded by its name. */
export async function loadConnector(name: string, cwd: string): Promise<Connector> {
  const module = await loadConnectorPackage(name, '', cwd);
  const { connector } = module;
  if (isConnector(connector)) return connector;
  throw new ContactSyncError('connector_broken', `${packageOf(name)} does not export a connector.`, {
    hint: 'Install a version of it that fits this version of contact-sync.',
  });
}

/** The module of a connector's package; `subpath` is empty or begins with a slash. */
export async function loadConnectorPackage(
  name: string,
  subpath: string,
  cwd: string,
): Promise<Record<string, unknown>> {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new ContactSyncError('setting_invalid', `"${name}" is not the name of a connector.`, {
      hint: 'Connectors are named in lower case: --from xpm',
    });
  }
  return await loadPackage({ name: packageOf(name), subpath, cwd, what: `The connector "${name}"` });
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

export function packageOf(name: string): string {
  return `@contact-sync/connector-${name}`;
}

function isConnector(value: unknown): value is Connector {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'settings' in value &&
    'create' in value &&
    'sourceOf' in value
  );
}
