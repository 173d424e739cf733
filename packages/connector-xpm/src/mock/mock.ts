import { serveMock } from '@contact-sync/connector-kit/mock';
import type { ConnectorMock } from '@contact-sync/core';
import { fakeXpm, origin } from './fake.js';
import { exampleTenant, samplePractice } from './people.js';

export const mock: ConnectorMock = {
  async serve({ records, port }) {
    const fake = fakeXpm({ clients: records === undefined ? samplePractice() : exampleTenant(records) });
    const server = await serveMock(fake.handlers, { origin, port });
    return {
      url: server.url,
      settings: { tenantId: fake.access.tenantId, baseUrl: `${server.url}/practicemanager/3.1` },
      env: { XPM_ACCESS_TOKEN: fake.access.accessToken },
      close: server.close,
    };
  },
};
