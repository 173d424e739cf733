import type { Arm } from '../arm.ts';
import { source } from '../data/mix.ts';
import { xmlSource } from '../data/xml-source.ts';

export const readXpm: Arm = {
  name: 'read-xpm',
  title: 'Reading a list of Practice Manager with its connector',
  includes: 'The connector’s read() to its end: HTTP client, checks, limits and mapping; the answer comes from a file.',
  book: null,
  inputs: ['xml'],
  start:
    async ({ xml, size }) =>
    async () => {
      let records = 0;
      for await (const page of xmlSource(xml, source).read({ signal: new AbortController().signal })) {
        records += page.records.length;
      }
      if (records !== size) throw new Error(`There were ${records} records.`);
      return { counts: null };
    },
  digest: null,
};
