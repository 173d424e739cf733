import type { Arm } from '../arm.ts';
import { linesOf } from '../data/json-lines.ts';

export const parseAndDrop: Arm = {
  name: 'parse-json',
  title: 'Limit: JSON.parse each line and drop it',
  includes:
    'Read the file as contact-sync’s connector here does, decode it, JSON.parse every line and drop what it gives.',
  book: null,
  inputs: ['lines'],
  start:
    async ({ input, size }) =>
    async () => {
      let records = 0;
      for await (const lines of linesOf(input))
        for (const line of lines) records += JSON.parse(line).externalId === '' ? 0 : 1;
      if (records !== size) throw new Error(`There were ${records} records.`);
      return { counts: null };
    },
  digest: null,
};
