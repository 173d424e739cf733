import { ContactSyncError } from '../error.js';
import type { RawRecord } from '../source.js';
import type { OpenedSource } from './source-harness.js';
import { type Check, expectRecords, fail, type Kit, several } from './source-kit.js';
import { people } from './source-worlds.js';

/* Lists that change, while they are read and between reads, and rows that come twice. */

/** Reads on after `change`, which happens once the first page was taken. Null if the read says that it is incomplete. */
async function readAcross(kit: Kit, opened: OpenedSource, change: () => void): Promise<RawRecord[] | null> {
  const reading = opened.source.read({ signal: kit.signal });
  const got: RawRecord[] = [];
  for (let page = 0; page < 10_000; page += 1) {
    try {
      const { done, value } = await kit.within(reading.next(), 'a step of the read');
      if (done) return got;
      got.push(...value.records);
    } catch (error) {
      // A list that does not come to rest may be given up; taking it for whole may not be.
      if (ContactSyncError.is(error) && error.code === 'source_incomplete') return null;
      throw error;
    }
    if (page === 0) change();
  }
  return fail('the read does not end');
}

/** Each of these once at least, as the fake says it: core knows a row that came twice. `perhaps`: who may come. */
function expectAtLeast(
  opened: OpenedSource,
  held: readonly RawRecord[],
  perhaps: readonly RawRecord[],
  got: readonly RawRecord[],
): void {
  const once = [...new Map(got.map((record) => [JSON.stringify(record), record])).values()];
  const came = new Set(once.map(({ externalId }) => externalId));
  const extra = perhaps.filter(({ externalId }) => came.has(opened.idOf?.(externalId) ?? externalId));
  expectRecords(opened, [...held, ...extra], once);
}

export const changingChecks: readonly Check[] = [
  {
    id: 'insert_while_reading',
    name: 'loses nobody if people are added while it reads, or says that it is incomplete',
    needs: ['insert'],
    async check(kit) {
      const held = people(several(kit.harness));
      const added = people(kit.harness.pageSize + 2, held.length + 1);
      const opened = await kit.open({ records: held });
      const got = await readAcross(kit, opened, () => inserted(opened, added));
      if (got !== null) expectAtLeast(opened, held, added, got);
    },
  },
  {
    id: 'remove_while_reading',
    name: 'loses nobody else if somebody is removed while it reads, or says that it is incomplete',
    needs: ['remove'],
    async check(kit) {
      const [gone, ...held] = people(several(kit.harness));
      if (gone === undefined) fail('there is nobody');
      const opened = await kit.open({ records: [gone, ...held] });
      const { remove } = opened;
      if (remove === undefined) fail('the harness has neither remove nor a reason in cannot');
      const got = await readAcross(kit, opened, () => remove(gone.externalId));
      if (got !== null) expectAtLeast(opened, held, [gone], got);
    },
  },
  {
    id: 'ids_stay_when_rows_move',
    name: 'gives people the ids they had, where others were added since the last read',
    needs: ['insert'],
    async check(kit) {
      const held = people(several(kit.harness));
      const added = people(2, held.length + 1);
      const opened = await kit.open({ records: held });
      await kit.read(opened.source);
      inserted(opened, added);
      const { records } = await kit.read(opened.source);
      expectRecords(opened, [...held, ...added], records);
    },
  },
  {
    id: 'rows_that_come_twice',
    name: 'never makes two people of a row that comes twice',
    async check(kit) {
      const held = people(kit.harness.pageSize);
      const opened = await kit.open({ records: [...held, ...held.slice(0, 1)] });
      const got = await readAcross(kit, opened, () => {});
      if (got !== null) expectAtLeast(opened, held, [], got);
    },
  },
];

function inserted(opened: OpenedSource, records: readonly RawRecord[]): void {
  if (opened.insert === undefined) fail('the harness has neither insert nor a reason in cannot');
  opened.insert(records);
}
