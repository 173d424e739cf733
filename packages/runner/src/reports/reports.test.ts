import { type Contact, type Decision, memoryStore, parseDecision, type Reason, type Run } from '@contact-sync/core';
import { memorySource } from '@contact-sync/core/testing';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { sync } from '../sync.js';
import { notImportedCsv } from './csv.js';
import { reportToLines } from './ndjson.js';
import { reportToPage } from './page.js';
import type { Report } from './report.js';

const source = 'xpm:t';
const leila: Contact = {
  id: '1',
  name: 'Leila Smith',
  email: 'leila@smith.com',
  phone: null,
  recordType: 'contact-sync',
  forcedManual: false,
  link: { source, externalId: 'D' },
  missingSince: null,
};

/** What a sync leaves in the history: nothing here is made up for the report. */
async function reportOf(...records: [id: string, name: string | null, email: string | null, phone?: string][]) {
  const store = memoryStore({ contacts: [leila] });
  const { run } = await sync({
    source: memorySource({
      source,
      records: records.map(([externalId, name, email, phone = null]) => ({ externalId, name, email, phone })),
    }),
    store,
    actor: 'ann',
    policy: { manyMissing: 1, manyChanged: 1 },
    now: () => new Date('2026-03-01T09:00:00.000Z'),
  });
  if (run === null) throw new Error('There is no run.');
  const decisions: Decision[] = [];
  for await (const decision of store.decisions(run.id)) decisions.push(decision);
  return { run, decisions };
}

const page = (report: Report) => [...reportToPage(report)].join('');

test('the records that were not imported, one line for each fault', async () => {
  const report = await reportOf(
    ['A', 'Ann', 'ann@example.com'],
    ['B', null, 'x'],
    ['C', 'Cy', 'a@x.example; b@x.example', '+61400000001'],
  );
  const csv = notImportedCsv(report);
  expect(csv.startsWith('\ufeff')).toBe(true);
  expect(csv.split('\r\n')).toHaveLength(5);
  expect(parse(csv, { bom: true })).toEqual([
    ['Record', 'Outcome', 'Reason', 'Field', 'What is wrong', 'What to do', 'Name', 'Email', 'Phone'],
    ['B', 'rejected', 'rejected_name_missing', 'name', 'There is no name.', 'Enter a name in the source.', '', 'x', ''],
    [
      'B',
      'rejected',
      'rejected_email_invalid',
      'email',
      'The email field holds no valid address.',
      'Correct it in the source; the next sync takes it up.',
      '',
      'x',
      '',
    ],
    [
      'C',
      'rejected',
      'rejected_email_several',
      'email',
      'The email field holds several addresses.',
      'Keep one address there, and make further contacts for the others.',
      'Cy',
      'a@x.example; b@x.example',
      "'+61400000001",
    ],
  ]);
});

test('no cell of a spreadsheet is a formula', async () => {
  const evil = ['=cmd()', '+1', '-1', '@sum', '\t=1', '\r=1', "'=1"];
  const report = await reportOf(...evil.map((text): [string, string, string] => [`${text}`, text, 'no address']));
  const cells = (parse(notImportedCsv(report), { bom: true }) as string[][]).slice(1).flat();
  expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  expect(cells.filter((cell) => cell.includes('cmd()')).length).toBeGreaterThan(0);
});

test('a held record is told with its fields', async () => {
  const held: Decision = {
    reason: 'held_identity_change',
    externalId: 'D',
    before: leila,
    after: leila,
    flags: [],
    says: { name: 'Bo', email: 'bo@example.com', phone: null },
    faults: [],
    note: null,
  };
  const { run } = await reportOf();
  expect((parse(notImportedCsv({ run, decisions: [held] }), { bom: true }) as string[][])[1]).toEqual([
    'D',
    'held',
    'held_identity_change',
    '',
    'Linked by its id, but name and email both changed: it waits for a person.',
    'Find out whether this is still the same person before approving.',
    'Bo',
    'bo@example.com',
    '',
  ]);
});

test('the lines lose nothing', async () => {
  const report = await reportOf(['D', 'Leila Smith', 'leila.d@smith.com', '0400 000 002'], ['B', '\u202eevil', null]);
  const [first, ...rest] = [...reportToLines(report)].join('').trimEnd().split('\n');
  expect(JSON.parse(first ?? '')).toEqual({ run: report.run });
  expect(rest.map(parseDecision)).toEqual(report.decisions);
  expect(rest).toHaveLength(2);
});

test('the page shows old and new side by side, with what changed marked', async () => {
  const text = page(await reportOf(['D', 'Leila Smith', 'leila.d@smith.com', '0400 000 002']));
  expect(text).toContain('<h1>Run 1: sync of xpm:t</h1>');
  expect(text).toContain('<dd class="old"><bdi>leila</bdi><bdi>@smith.com</bdi></dd>');
  expect(text).toContain('<dd class="new"><bdi>leila</bdi><mark><bdi>.d</bdi></mark><bdi>@smith.com</bdi></dd>');
  expect(text).toContain('<dd><span class="soft">–</span></dd><dd class="new"><bdi>+61400000002</bdi></dd>');
});

test('names are text, whatever they hold, and invisible characters are seen', async () => {
  const name = `<img src=x onerror=alert(1)> "&'\` \u202egnp.exe`;
  const text = page(await reportOf(['<script>', name, 'x@example.com']));
  expect(text).toContain("&lt;img src=x onerror=alert(1)> &quot;&amp;'` \\u{202e}gnp.exe");
  expect(text).toContain('record <bdi>&lt;script></bdi>');
  expect(text.match(/<script>/g)).toHaveLength(1);
});

test('the page says why a run did nothing', async () => {
  const { run } = await reportOf();
  const said = (change: Partial<Run>) => page({ run: { ...run, ...change }, decisions: [] });
  const message = 'Of 10 contacts 9 would be missing.';
  expect(said({ outcome: 'blocked', blocked: [{ guard: 'many_missing', count: 9, of: 10, message }] })).toContain(
    `<span class="code">many_missing</span> <bdi>${message}</bdi>`,
  );
  expect(said({ outcome: 'failed', error: { code: 'locked', message: '<b>' } })).toContain('<bdi>&lt;b></bdi>');
  expect(said({ purged: true })).toContain('only the counts are left');
});

test('the counts are a picture and a list', async () => {
  const { run } = await reportOf();
  const reasons: Partial<Record<Reason, number>> = { unchanged: 1234, created: 2, missing: 3 };
  const text = page({
    run: { ...run, counts: { rows: 1237, reasons, flags: { returned: 1 }, skipped: { archived: 1 } } },
    decisions: [],
  });
  // The bar has the rows of the read: unchanged, created and archived; missing ones are no rows.
  // Of 1000, two gaps of 2 and three times the least length of 4 are taken; 984 are shared as the numbers are.
  expect(text).toContain(
    '<rect class="none" x="0" width="985.61" height="24"></rect><rect class="make" x="987.61" width="5.59" height="24"></rect><rect class="skip" x="995.2" width="4.8" height="24"></rect></svg>',
  );
  expect(text).toContain('<b>1,234</b><span><span class="code">unchanged</span>');
  expect(text).toContain('<b>3</b><span><span class="code">missing</span>');
  expect(text).toContain('<b>1</b><span>left out: <bdi>archived</bdi></span>');
});
