import { serveMock } from '@contact-sync/connector-kit/mock';
import { connector } from '@contact-sync/connector-xpm';
import { fakeXpm, origin, samplePractice } from '@contact-sync/connector-xpm/mock';
import { readAll, readSettings } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { requestCounter } from './requests.js';

test('each run is told its own requests, whatever else goes on at the same time', async () => {
  const fake = fakeXpm({ clients: samplePractice() });
  const server = await serveMock(fake.handlers, { origin });
  const counter = requestCounter();
  const settings = readSettings(connector, { ...fake.access, baseUrl: `${server.url}/practicemanager/3.1` });
  const run = (times: number) =>
    counter.counted(async (count) => {
      for (let n = 0; n < times; n += 1) await readAll(connector.create(settings));
      return count.requests;
    });
  try {
    const [one, three, none] = await Promise.all([run(1), run(3), run(0)]);
    expect(one).toBeGreaterThan(0);
    expect([three, none]).toEqual([3 * one, 0]);
    expect(fake.requests).toHaveLength(4 * one);
    counter.close();
    expect(await run(1)).toBe(0);
  } finally {
    counter.close();
    await server.close();
  }
});
