import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { practice } from '@contact-sync/connector-kit/mock';
import { type ConnectorMock, checkFault } from '@contact-sync/core';
import { csvText, faults, practiceTable, tableOf } from './file.js';

const sentences = Object.fromEntries(Object.entries(faults).map(([name, { says }]) => [name, says]));

/** A file in a folder of its own, which is gone when the mock is closed. A port means nothing to it. */
export const mock: ConnectorMock = {
  faults: sentences,
  async serve({ records, contacts, seed, fault }) {
    checkFault(sentences, fault);
    const table = records === undefined ? practiceTable(practice({ seed, size: contacts })) : tableOf(records);
    const folder = await mkdtemp(join(tmpdir(), 'contact-sync-csv-'));
    const file = join(folder, 'contacts.csv');
    const spoilt = fault === undefined ? undefined : faults[fault];
    await writeFile(file, spoilt === undefined ? csvText(table) : spoilt.bytes(table));
    return {
      url: pathToFileURL(file).href,
      settings: { file, name: 'contacts' },
      env: {},
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};
