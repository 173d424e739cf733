import { practice, serveMock } from '@contact-sync/connector-kit/mock';
import { type ConnectorMock, checkFault } from '@contact-sync/core';
import { fakeXpm, origin } from './fake.js';
import { orderedFaults } from './ordered-faults.js';
import { exampleTenant } from './people.js';
import { clientsOf } from './practice-clients.js';

const faults = Object.fromEntries(Object.entries(orderedFaults).map(([name, { says }]) => [name, says]));

export const mock: ConnectorMock = {
  faults,
  async serve({ records, contacts, seed, port, fault }) {
    checkFault(faults, fault);
    const made = () => clientsOf(practice({ seed, size: contacts }));
    const fake = fakeXpm({ clients: records === undefined ? made() : exampleTenant(records) });
    const ordered = fault === undefined ? undefined : orderedFaults[fault];
    if (ordered !== undefined) fake.fault(ordered.fault, ordered.times ?? Number.POSITIVE_INFINITY);
    const server = await serveMock(fake.handlers, { origin, port });
    return {
      url: server.url,
      settings: { tenantId: fake.access.tenantId, baseUrl: `${server.url}/practicemanager/3.1` },
      env: {
        XPM_ACCESS_TOKEN: fake.access.accessToken,
        XPM_CLIENT_ID: fake.signIn.client.id,
        XPM_CLIENT_SECRET: fake.signIn.client.secret ?? '',
      },
      close: server.close,
    };
  },
};
