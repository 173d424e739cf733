import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import type { Arm } from '../arm.ts';

export const saxesOnly: Arm = {
  name: 'parse-xml',
  title: 'Limit: saxes reads the list and does nothing',
  includes: 'Read the file in chunks of 64 KiB, decode it, and let saxes check it, without one listener.',
  book: null,
  inputs: ['xml'],
  start:
    async ({ xml }) =>
    async () => {
      const decoder = new TextDecoder('utf-8', { fatal: true });
      const parser = new SaxesParser({ defaultXMLVersion: '1.0', forceXMLVersion: true });
      for await (const chunk of createReadStream(xml, { highWaterMark: 64 * 1024 })) {
        parser.write(decoder.decode(chunk, { stream: true }));
      }
      parser.close();
      return { counts: null };
    },
  digest: null,
};
