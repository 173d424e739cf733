import { practice, serveMock } from '@contact-sync/connector-kit/mock';
import { type ConnectorMock, checkFault } from '@contact-sync/core';
import { fakeBgl, origin } from './fake.js';
import { orderedFaults } from './ordered-faults.js';
import { exampleFirm } from './people.js';
import { firmOf } from './practice-firm.js';

const faults = Object.fromEntries(Object.entries(orderedFaults).map(([name, { says }]) => [name, says]));

export const mock: ConnectorMock = {
  faults,
  async serve({ records, contacts, seed, port, fault }) {
    checkFault(faults, fault);
    const firm = records === undefined ? firmOf(practice({ seed, size: contacts })) : exampleFirm(records);
    // Nobody who tries it out should wait for ten minutes; `limit-10-minutes` shows what happens then.
    const fake = fakeBgl({ ...firm, limits: { tenMinutes: null, day: 100_000 } });
    const ordered = fault === undefined ? undefined : orderedFaults[fault];
    if (ordered !== undefined) fake.fault(ordered.fault, ordered.times ?? Number.POSITIVE_INFINITY, ordered.after);
    const server = await serveMock(fake.handlers, { origin, port });
    const inFunds = records?.some(({ externalId }) => externalId.startsWith('sf:')) ?? false;
    return {
      url: server.url,
      settings: {
        firm: fake.access.firm,
        baseUrl: server.url,
        scope: fake.signIn.app.scopes.join(' '),
        ...(inFunds ? { members: 'true' } : {}),
      },
      env: {
        BGL_ACCESS_TOKEN: fake.access.accessToken,
        BGL_CLIENT_ID: fake.signIn.app.clientId,
        BGL_CLIENT_SECRET: fake.signIn.app.clientSecret,
      },
      close: server.close,
    };
  },
};
