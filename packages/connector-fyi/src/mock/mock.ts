import { practice, serveMock } from '@contact-sync/connector-kit/mock';
import { type ConnectorMock, checkFault } from '@contact-sync/core';
import { exampleEntities } from './entities.js';
import { fakeFyi, origin } from './fake.js';
import { orderedFaults } from './ordered-faults.js';
import { entitiesOf } from './practice-entities.js';

const faults = Object.fromEntries(Object.entries(orderedFaults).map(([name, { says }]) => [name, says]));

export const mock: ConnectorMock = {
  faults,
  async serve({ records, contacts, seed, port, fault }) {
    checkFault(faults, fault);
    const made = () => entitiesOf(practice({ seed, size: contacts }));
    const fake = fakeFyi({ entities: records === undefined ? made() : exampleEntities(records) });
    const ordered = fault === undefined ? undefined : orderedFaults[fault];
    if (ordered !== undefined) fake.fault(ordered.fault, ordered.times ?? Number.POSITIVE_INFINITY);
    const server = await serveMock(fake.handlers, { origin, port });
    const { practice: name, accessId, accessSecret } = fake.access;
    return {
      url: server.url,
      settings: { practice: name, baseUrl: server.url },
      env: { FYI_ACCESS_ID: accessId, FYI_ACCESS_SECRET: accessSecret },
      close: server.close,
    };
  },
};
