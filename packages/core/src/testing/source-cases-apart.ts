import { inTurns } from './source-cases-reading.js';
import { type Check, expectRecords, type Kit, several } from './source-kit.js';
import { people } from './source-worlds.js';

/* Sources and reads that share nothing. */

/** The records of a read from where it is to its end. */
async function rest(kit: Kit, reading: Parameters<typeof inTurns>[1][number]) {
  const [records = []] = await inTurns(kit, [reading]);
  return records;
}

export const apartChecks: readonly Check[] = [
  {
    id: 'sources_are_independent',
    name: 'keeps two sources apart, of two tenants perhaps, that are read at the same time',
    async check(kit) {
      const worlds = [people(several(kit.harness)), people(several(kit.harness), 5000)];
      const opened = [];
      for (const records of worlds) opened.push({ ...(await kit.open({ records })), records });
      const readings = opened.map(({ source }, index) => ({
        name: ['first', 'second'][index] ?? '',
        reading: source.read({ signal: kit.signal }),
      }));
      const got = await inTurns(kit, readings);
      for (const [index, one] of opened.entries()) expectRecords(one, one.records, got[index] ?? []);
    },
  },
  {
    id: 'one_cancelled_of_two',
    name: 'goes on with a read if another one is cancelled',
    async check(kit) {
      const held = people(several(kit.harness));
      const opened = await kit.open({ records: held });
      const cancel = new AbortController();
      const first = opened.source.read({ signal: cancel.signal });
      await kit.within(first.next(), 'the first page');
      const second = opened.source.read({ signal: kit.signal });
      const begun = await kit.within(second.next(), 'the first page of the second read');
      cancel.abort();
      const got = [...(begun.done ? [] : begun.value.records)];
      got.push(...(await rest(kit, { name: 'second', reading: second })));
      expectRecords(opened, held, got);
    },
  },
  {
    id: 'readable_after_leaving',
    name: 'begins at the beginning again after a read that was left',
    async check(kit) {
      const held = people(several(kit.harness));
      const opened = await kit.open({ records: held });
      const left = opened.source.read({ signal: kit.signal });
      await kit.within(left.next(), 'the first page');
      await kit.within(left.return({ complete: true, tenant: null }), 'return()');
      const { records } = await kit.read(opened.source);
      expectRecords(opened, held, records);
    },
  },
];
