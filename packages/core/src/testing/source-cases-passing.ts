import { type PassingFault, passingFaults } from './source-faults.js';
import { type Check, expectRecords, fail, several } from './source-kit.js';
import { people } from './source-worlds.js';

const faults = Object.keys(passingFaults) as PassingFault[];

export const passingChecks: readonly Check[] = [
  ...faults.map(
    (fault): Check => ({
      id: `passes_${fault}`,
      name: passingFaults[fault],
      needs: [fault],
      async check(kit) {
        const held = people(2);
        const undisturbed = await kit.open({ records: held });
        await kit.read(undisturbed.source);
        const opened = await kit.open({ records: held });
        opened.fault(fault);
        const { records } = await kit.read(opened.source);
        expectRecords(opened, held, records);
        // A fake that does not know the fault would let anybody pass.
        if (fault !== 'slow' && opened.requests() <= undisturbed.requests()) {
          fail(`no request was made again after ${fault}: does the harness order it?`);
        }
      },
    }),
  ),
  {
    id: 'passing_in_the_middle',
    name: 'gets over a moment without the system after the first page too',
    needs: ['unavailable_once'],
    async check(kit) {
      const held = people(several(kit.harness));
      const opened = await kit.open({ records: held });
      const reading = opened.source.read({ signal: kit.signal });
      const got = [];
      for (let first = true; ; first = false) {
        const { done, value } = await kit.within(reading.next(), 'a step of the read');
        if (done) break;
        got.push(...value.records);
        if (first) opened.fault('unavailable_once');
      }
      expectRecords(opened, held, got);
    },
  },
];
