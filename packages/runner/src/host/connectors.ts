import { type Connector, ContactSyncError } from '@contact-sync/core';
import { connectorIfAny, type Inner } from './inner.js';
import { settingsOf } from './settings-of.js';
import type { ConnectorView } from './types.js';

/** Those that ask for no file of the machine that serves: a page is no place to name one. */
const known = ['xpm', 'fyi', 'bgl'];

/** What can be connected from a page: the connectors that are installed, and those of stored connections. */
export async function connectorsOf(inner: Inner): Promise<ConnectorView[]> {
  const views: ConnectorView[] = [];
  for (const name of namesOf(inner)) {
    const connector = await connectorIfAny(inner, name);
    if (connector !== null && canConnect(connector)) views.push(viewOf(inner, name, connector));
  }
  return views;
}

/** One of them. Whoever could name any would run any code of the machine. Fails with `connector_missing`. */
export async function offered(inner: Inner, name: string): Promise<Connector> {
  if (namesOf(inner).includes(name)) {
    const connector = await inner.load(name);
    if (canConnect(connector)) return connector;
  }
  throw new ContactSyncError('connector_missing', `"${name.slice(0, 64)}" cannot be connected here.`, {
    hint: `Connect it at the command line of the machine that serves: contact-sync connect ${name.slice(0, 64)}`,
  });
}

function namesOf({ book }: Inner): readonly string[] {
  const stored = [...book.connections.values()].flatMap(({ stored }) => (stored === null ? [] : [stored.connector]));
  return [...new Set([...known, ...stored])];
}

function canConnect(connector: Connector): boolean {
  return !settingsOf(connector).some(({ name }) => name === 'file');
}

function viewOf({ options: { env } }: Inner, name: string, connector: Connector): ConnectorView {
  const { title, signIn, secrets } = connector;
  const isSet = (variable: string) => (env[variable] ?? '') !== '';
  return {
    name,
    title,
    signIn:
      signIn === undefined
        ? null
        : { clientSecretNeeded: signIn.client.secretNeeded, clientKnown: isSet(signIn.client.id) },
    settings: settingsOf(connector),
    secrets: Object.entries(secrets).map(([secret, variable]) => ({ name: secret, known: isSet(variable) })),
  };
}
