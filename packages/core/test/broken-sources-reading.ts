import type { Complete, Page } from '../src/index.js';
import { type BrokenSource, broken, misshapen, nobody, reading, rebuilt, wrapped } from './broken-source.js';
import { failure, ledger, sound } from './ledger.js';

/* Wrong in what they hand over. */

export const brokenAtReading: readonly BrokenSource[] = [
  broken('reads_none', 'takes the first row for granted', {
    page(list, record) {
      if (list.rows[0] === undefined) throw failure('source_unreadable', 'There is no first row.');
      return sound.page(list, record);
    },
  }),
  broken('reads_one', 'expects a list, and finds an object where there is one row', {
    page: (list, record) => sound.page(list.total === 1 ? nobody : list, record),
  }),
  broken('reads_every_page', 'reads six pages at most', { pages: (list) => Math.min(list.pages, 6) }),
  broken('reads_full_pages', 'asks for one page too many if the last is full', {
    pages: (list) => (list.pages > 1000 ? list.pages : Math.floor(list.total / 3) + 1),
  }),
  broken('hands_over_as_said', 'trims names', {
    record: (row) => ({ ...sound.record(row), name: row.name?.trim() ?? null }),
  }),
  broken('hands_over_as_said', 'composes letters', {
    record: (row) => ({ ...sound.record(row), name: row.name?.normalize('NFC') ?? null }),
  }),
  broken('hands_over_as_said', 'folds email addresses', {
    record: (row) => ({ ...sound.record(row), email: row.email?.toLowerCase() ?? null }),
  }),
  broken('hands_over_as_said', 'takes the first of several addresses', {
    record: (row) => ({ ...sound.record(row), email: row.email?.split(';')[0] ?? null }),
  }),
  broken('hands_over_as_said', 'makes phones numbers', {
    record: (row) => ({
      ...sound.record(row),
      phone: /^00\d+$/.test(row.phone ?? '') ? String(Number(row.phone)) : row.phone,
    }),
  }),
  broken('leaves_empty_what_is_empty', 'joins what is not there', {
    record: (row) => ({ ...sound.record(row), phone: `${row.phone}` }),
  }),
  broken('leaves_empty_what_is_empty', 'drops people without an address', {
    page: (list, record) => ({
      ...sound.page(list, record),
      records: sound.page(list, record).records.filter(({ email }) => email !== null),
      skipped: { no_email: list.rows.filter(({ deleted, email }) => deleted || email === null).length },
    }),
  }),
  broken('keeps_look_alikes', 'takes people with one address for one', {
    page(list, record) {
      const page = sound.page(list, record);
      const first = new Map(
        page.records.map(({ email, externalId }) => [email ?? externalId, externalId]).reverse() as [string, string][],
      );
      return {
        ...page,
        records: page.records.filter(({ email, externalId }) => first.get(email ?? externalId) === externalId),
      };
    },
  }),
  broken('page_shape', 'hands over a mark of its own', {
    record: (row) => misshapen({ ...sound.record(row), deleted: row.deleted }),
  }),
  broken('page_shape', 'leaves a field out', {
    record: ({ id, name, email, phone }) =>
      misshapen({ externalId: String(id), name, email, ...(phone === null ? {} : { phone }) }),
  }),
  broken('page_shape', 'leaves out the unreadable rows if there are none', {
    page(list, record) {
      const { unreadable, ...page } = sound.page(list, record);
      return unreadable.length > 0 ? { ...page, unreadable } : misshapen<Page>(page);
    },
  }),
  broken('says_complete', 'returns nothing', { end: () => misshapen<Complete>(undefined) }),
  broken('says_complete', 'returns a count as well', {
    end: () => misshapen<Complete>({ complete: true, tenant: 't1', total: 11 }),
  }),
  broken('says_complete', 'answers as another tenant', { end: () => ({ complete: true, tenant: 't2' }) }),
  reading('ends_once', 'begins anew after its end', (read) => (options) => {
    let current = read(options);
    return wrapped(() => current, {
      async next() {
        const step = await current.next();
        if (step.done) current = read(options);
        return step;
      },
    });
  }),
  rebuilt('name_and_tenant', 'has no tenant in its name', (system) =>
    ledger(system, { source: 'ledger', end: () => ({ complete: true, tenant: null }) }),
  ),
  rebuilt('name_and_tenant', 'has another name after a read', (system) => {
    let reads = 0;
    const { read } = ledger(system, { end: () => ({ complete: true, tenant: null }) });
    return {
      get source() {
        return `ledger:${reads}`;
      },
      read(options) {
        reads += 1;
        return read(options);
      },
    };
  }),
  rebuilt('same_twice', 'numbers the rows of a list that is as it was', (system) => {
    let rows = 0;
    let total = -1;
    let last = -1;
    return ledger(system, {
      page(list, record) {
        total = list.total;
        return sound.page(list, record);
      },
      record(row) {
        rows += 1;
        return total !== last ? sound.record(row) : { ...sound.record(row), externalId: `row ${rows}` };
      },
      end() {
        last = total;
        return sound.end();
      },
    });
  }),
  rebuilt('reads_are_independent', 'keeps its place in the connector, not in the read', (system) => {
    const place = { number: 1 };
    return ledger(system, {
      place() {
        place.number = 1;
        return place;
      },
    });
  }),
  broken('hands_over_long_values', 'cuts names to 255 letters', {
    record: (row) => ({ ...sound.record(row), name: row.name?.slice(0, 255) ?? null }),
  }),
  broken('rows_add_up', 'counts the end of the list as a row', {
    page(list, record) {
      const page = sound.page(list, record);
      return list.rows.length < 3 ? { ...page, skipped: { ...page.skipped, end: 1 } } : page;
    },
  }),
  broken('counts_what_it_leaves_out', 'leaves rows out and tells nobody', {
    page: (list, record) => ({ ...sound.page(list, record), skipped: {} }),
  }),
  broken('counts_what_it_leaves_out', 'hands over deleted rows', {
    page: (list, record) => ({
      ...sound.page(list, record),
      records: list.rows.filter(({ id }) => typeof id === 'string').map(record),
      skipped: {},
    }),
  }),
];
