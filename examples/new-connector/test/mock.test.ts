import { type Read, readAll } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { acme } from '../src/index.js';
import { mock } from '../src/mock/index.js';

async function readMock(options: Parameters<typeof mock.serve>[0]): Promise<Read> {
  const { settings, env, close } = await mock.serve(options);
  try {
    const { tenant = '', baseUrl } = settings;
    return await readAll(acme({ tenant, baseUrl, token: env.ACME_TOKEN ?? '', wait: async () => {} }));
  } finally {
    await close();
  }
}

test('the mock serves given records, and the connector reads exactly these', async () => {
  const records = [
    { externalId: 'A', name: 'John Smith', email: 'john@smith.com', phone: null },
    { externalId: 'B', name: 'Mary Smith', email: 'mary@smith.com', phone: '0491 570 006' },
  ];
  expect((await readMock({ records })).records).toEqual(records);
});

test('the mock makes up a practice, and its faults are met', async () => {
  const read = await readMock({ contacts: 120 });
  expect(read.rows).toBe(120);
  expect(read.skipped.archived).toBeGreaterThan(0);
  expect((await readMock({ contacts: 120, fault: 'unavailable-once' })).records).toEqual(read.records);
  for (const [fault, code] of [
    ['unauthorized', 'source_unauthorized'],
    ['unavailable', 'source_unavailable'],
    ['cut', 'source_unreadable'],
    ['page', 'source_unreadable'],
    ['fire', 'setting_invalid'],
  ] as const) {
    await expect(readMock({ fault })).rejects.toMatchObject({ code });
  }
});
