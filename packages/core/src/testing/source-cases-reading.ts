import { completeSchema, pageSchema, type RawRecord, tenantOf } from '../source.js';
import { type Check, expectRecords, fail, type Kit, type Reading, several, type Whole } from './source-kit.js';
import { alike, lacking, long, people, unusual } from './source-worlds.js';

/** Opens a world, reads it once, and expects its very records. */
function readsAll(records: (kit: Kit) => readonly RawRecord[]): Check['check'] {
  return async (kit) => {
    const held = records(kit);
    const opened = await kit.open({ records: held });
    const { records: got } = await kit.read(opened.source);
    expectRecords(opened, held, got);
  };
}

export const readingChecks: readonly Check[] = [
  {
    id: 'reads_none',
    name: 'reads a system that holds nobody, and completes',
    check: readsAll(() => []),
  },
  {
    id: 'reads_one',
    name: 'reads a system that holds one person',
    check: readsAll(() => people(1)),
  },
  {
    id: 'reads_every_page',
    name: 'reads every page of many, and a last one with one person',
    check: readsAll(({ harness }) => people(7 * harness.pageSize + 1)),
  },
  {
    id: 'reads_full_pages',
    name: 'reads pages that are exactly full, one and two of them',
    async check(kit) {
      await readsAll(({ harness }) => people(harness.pageSize))(kit);
      await readsAll(({ harness }) => people(2 * harness.pageSize))(kit);
    },
  },
  {
    id: 'hands_over_as_said',
    name: 'hands values over as the system says them: nothing trimmed, folded, split, composed or made a number',
    check: readsAll(() => unusual),
  },
  {
    id: 'hands_over_long_values',
    name: 'hands over a name of two thousand letters to its last one',
    check: readsAll(() => long),
  },
  {
    id: 'leaves_empty_what_is_empty',
    name: 'hands over people without a name, an email or a phone, and makes nothing up',
    check: readsAll(() => lacking),
  },
  {
    id: 'keeps_look_alikes',
    name: 'keeps people apart who have the same details and different ids',
    check: readsAll(() => alike),
  },
  {
    id: 'page_shape',
    name: 'hands over pages with the fields of a page and no other',
    async check(kit) {
      const opened = await kit.open({ records: [...lacking, ...people(several(kit.harness)).slice(lacking.length)] });
      for (const page of (await kit.read(opened.source)).pages) {
        const issue = pageSchema.safeParse(page).error?.issues[0];
        if (issue !== undefined) fail(`a page is wrong at ${issue.path.join('.') || 'its top'}: ${issue.message}`);
      }
    },
  },
  {
    id: 'says_complete',
    name: 'returns that it is complete, with the tenant of its name, or null',
    async check(kit) {
      const { source } = await kit.open();
      const end = completeSchema.safeParse((await kit.read(source)).end);
      if (!end.success) fail('the read does not return { complete: true, tenant: text or null }, and nothing else');
      const { tenant } = end.data;
      if (tenant !== null && tenant !== tenantOf(source.source)) {
        fail(`the read says that tenant ${JSON.stringify(tenant)} answered, and the source is ${source.source}`);
      }
    },
  },
  {
    id: 'ends_once',
    name: 'is done once it has completed',
    async check(kit) {
      const { source } = await kit.open();
      const reading = source.read({ signal: kit.signal });
      while (!(await kit.within(reading.next(), 'a step of the read')).done);
      for (const _ of ['once', 'twice']) {
        const step = await kit.within(reading.next(), 'next() after the end');
        if (!step.done || step.value !== undefined) fail('next() gives something after the read has completed');
      }
    },
  },
  {
    id: 'name_and_tenant',
    name: 'is called by connector and tenant, as in xpm:8c0e, and always the same',
    async check(kit) {
      const { source } = await kit.open();
      const before = source.source;
      if (!/^[a-z][a-z0-9-]*:./.test(before)) fail(`the source is called ${JSON.stringify(before)}`);
      for (const _ of ['once', 'twice']) {
        await kit.read(source);
        if (source.source !== before) fail(`the source was called ${before}, and after a read ${source.source}`);
      }
    },
  },
  {
    id: 'same_twice',
    name: 'gives the same ids and records in a second read',
    async check(kit) {
      const held = people(several(kit.harness));
      const opened = await kit.open({ records: held });
      await kit.read(opened.source);
      const { records } = await kit.read(opened.source);
      expectRecords(opened, held, records);
    },
  },
  {
    id: 'reads_are_independent',
    name: 'keeps two reads at the same time apart',
    async check(kit) {
      const held = people(several(kit.harness));
      const opened = await kit.open({ records: held });
      const readings = ['first', 'second'].map((name) => ({
        name,
        reading: opened.source.read({ signal: kit.signal }),
      }));
      const got = await inTurns(kit, readings);
      for (const records of got) expectRecords(opened, held, records);
    },
  },
  {
    id: 'rows_add_up',
    name: 'counts every row on the wire: handed over, unreadable or skipped',
    async check(kit) {
      const { source, rows } = await kit.open();
      const whole = await kit.read(source);
      if (rowsOf(whole) !== rows) fail(`${rows} rows are on the wire, and ${counted(whole)}`);
    },
  },
  {
    id: 'counts_what_it_leaves_out',
    name: 'leaves out what is deleted or damaged, and counts it',
    needs: ['others'],
    async check(kit) {
      const held = people(several(kit.harness));
      const plain = await kit.read((await kit.open({ records: held })).source);
      const opened = await kit.open({ records: held, others: 3 });
      const whole = await kit.read(opened.source);
      expectRecords(opened, held, whole.records);
      const others = rowsOf(whole) - rowsOf(plain);
      if (others !== 3) fail(`of 3 rows that are to be left out, ${others} are counted: ${counted(whole)}`);
    },
  },
];

/** A step of the one, a step of the other, until both are done. */
export async function inTurns(
  kit: Kit,
  readings: readonly { name: string; reading: Reading }[],
): Promise<RawRecord[][]> {
  const got: RawRecord[][] = readings.map(() => []);
  const going = new Set(readings.keys());
  for (let step = 0; going.size > 0; step += 1) {
    if (step > 10_000) fail('two reads at the same time do not end');
    for (const index of going) {
      const { name, reading } = readings[index] ?? fail('unknown reading');
      const { done, value } = await kit.within(reading.next(), `a step of the ${name} read`);
      if (done) going.delete(index);
      else got[index]?.push(...value.records);
    }
  }
  return got;
}

function rowsOf({ records, unreadable, skipped }: Whole): number {
  return records.length + unreadable + skipped;
}

function counted({ records, unreadable, skipped }: Whole): string {
  return `the read has ${records.length} records, ${unreadable} unreadable and ${skipped} skipped`;
}
