import type { ConnectionKind, ConnectionState } from '@contact-sync/core';
import type { StoredDetails } from '../connections/show-stored.js';
import type { Terminal } from '../terminal.js';
import { printable } from './printable.js';
import { table } from './table.js';

export type ListedConnection = {
  readonly source: string;
  /** Null where it was not synced yet. */
  readonly kind: ConnectionKind | null;
  readonly state: ConnectionState | null;
  readonly stored: boolean;
};

export function connectionsTable(terminal: Terminal, connections: readonly ListedConnection[]): string {
  return table(
    terminal,
    ['Source', 'Kind', 'State', 'Stored'],
    connections.map(({ source, kind, state, stored }) => [
      printable(source),
      kind ?? '–',
      state ?? 'not synced yet',
      stored ? 'yes' : 'no',
    ]),
  );
}

export function storedText(
  terminal: Terminal,
  shown: StoredDetails & { readonly state: ConnectionState | null },
): string {
  const { source, connector, settings, secrets, signIn, policy, kind, schedule, state, createdBy, at } = shown;
  const pairs = (texts: Readonly<Record<string, string>>) =>
    Object.entries(texts)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n');
  const rows = [
    ['connector', connector],
    ['state', state ?? 'not synced yet'],
    ['kind', kind ?? 'contact-sync unless a sync says otherwise'],
    ['schedule of serve', schedule ?? 'hourly'],
    ['settings', pairs(settings)],
    ['policy', pairs(policy)],
    ['secrets', secrets.map((name) => `${name} (not shown)`).join('\n')],
    ['signed in', signIn === null ? '' : signInText(signIn)],
    ['stored', `by ${createdBy} at ${at}`],
  ].filter(([, value]) => value !== '');
  const shownRows = rows.map(([name, value]) => [name ?? '', (value ?? '').split('\n').map(printable).join('\n')]);
  return table(terminal, ['Connection', printable(source)], shownRows);
}

function signInText({ clientId, grant }: NonNullable<StoredDetails['signIn']>): string {
  const app = `as the app ${clientId}`;
  if (grant === null) return `${app}\nthe grant is gone: connect again`;
  const { grantedAt, renewedAt, endsAt, renewingSince } = grant;
  return [
    app,
    `since ${grantedAt}, last renewed ${renewedAt}`,
    ...(endsAt === null ? [] : [`ends at ${endsAt} if it is not used until then`]),
    ...(renewingSince === null ? [] : [`a renewal of ${renewingSince} has not ended yet`]),
  ].join('\n');
}
