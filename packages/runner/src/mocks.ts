import { type ConnectorMock, ContactSyncError } from '@contact-sync/core';
import { loadConnectorPackage, packageOf } from './connectors.js';

/** The fake of a connector's system. It needs msw, which a connector does not bring along. */
export async function loadMock(name: string, cwd: string): Promise<ConnectorMock> {
  const { mock } = await loadConnectorPackage(name, '/mock', cwd);
  if (isMock(mock)) return mock;
  throw new ContactSyncError('connector_broken', `${packageOf(name)} has no mock that can be served.`, {
    hint: 'Install a version of it that fits this version of contact-sync.',
  });
}

function isMock(value: unknown): value is ConnectorMock {
  return typeof value === 'object' && value !== null && 'serve' in value && typeof value.serve === 'function';
}
