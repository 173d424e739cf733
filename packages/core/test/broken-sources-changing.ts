import { type BrokenSource, broken, rebuilt } from './broken-source.js';
import { ledger, sound } from './ledger.js';

/* Wrong where lists change, and in what they say of rows. */

export const brokenAtChanges: readonly BrokenSource[] = [
  broken('insert_while_reading', 'reads as many pages as there were when it began', {
    pages: (list, first) => (list.pages > 1000 ? list.pages : first.pages),
    moved: (list, first) => list.total < first.total,
  }),
  broken('remove_while_reading', 'does not notice that the rest moved up when somebody went', {
    moved: (list, first) => list.total > first.total,
  }),
  rebuilt('ids_stay_when_rows_move', 'gives new ids to people who stand elsewhere than in the last read', (system) => {
    const { source, read } = ledger(system);
    let last = new Map<string, number>();
    return {
      source,
      async *read(options) {
        const here = new Map<string, number>();
        const reading = read(options);
        for (;;) {
          const { done, value } = await reading.next();
          if (done) {
            last = here;
            return value;
          }
          const records = value.records.map((record) => {
            const was = last.get(record.externalId);
            here.set(record.externalId, here.size);
            const moved = was !== undefined && was !== here.size - 1;
            return moved ? { ...record, externalId: `${record.externalId}, moved` } : record;
          });
          yield { ...value, records };
        }
      },
    };
  }),
  rebuilt('rows_that_come_twice', 'makes two people of a row that comes twice', (system) => {
    const { source, read } = ledger(system);
    return {
      source,
      async *read(options) {
        const seen = new Set<string>();
        const reading = read(options);
        for (;;) {
          const { done, value } = await reading.next();
          if (done) return value;
          const records = value.records.map((record) => {
            const before = seen.has(record.externalId);
            seen.add(record.externalId);
            return before ? { ...record, externalId: `${record.externalId}, again` } : record;
          });
          yield { ...value, records };
        }
      },
    };
  }),
  broken('hands_over_nothing_else', 'counts by birth date what it leaves out', {
    page(list, record) {
      const page = sound.page(list, record);
      return { ...page, skipped: { ...page.skipped, ...Object.fromEntries(list.rows.map(({ born }) => [born, 0])) } };
    },
  }),
  broken('hands_over_nothing_else', 'names a row that it cannot read by its tax number', {
    page(list, record) {
      const page = sound.page(list, record);
      const where = `the row of ${list.rows[0]?.taxNumber}`;
      return { ...page, unreadable: page.unreadable.map((row) => ({ ...row, where })) };
    },
  }),
  broken('says_where_it_could_not_read', 'does not say where a row is that it cannot read', {
    page(list, record) {
      const page = sound.page(list, record);
      return { ...page, unreadable: page.unreadable.map((row) => ({ ...row, where: '' })) };
    },
  }),
  broken('says_where_it_could_not_read', 'names a row that it cannot read by its name', {
    page(list, record) {
      const page = sound.page(list, record);
      return {
        ...page,
        unreadable: page.unreadable.map((row) => ({ ...row, where: `the row of ${list.rows[0]?.name}` })),
      };
    },
  }),
];
