import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from '@contact-sync/connector-xpm/mock';
import type { Contact, ServedMock } from '@contact-sync/core';
import { exampleContact, type WorkedExample, workedExamples } from '@contact-sync/core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testTerminal } from '../test/test-terminal.js';
import { main } from './main.js';
import type { Terminal } from './terminal.js';

// Everything here is real but Xero: the command line in this process, HTTP on loopback, a SQLite file.

let folder: string;
const servers: ServedMock[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact sync '));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true, force: true });
});

async function run(args: readonly string[], given: Partial<Terminal> = {}) {
  const terminal = testTerminal({ cwd: folder, ...given });
  const code = await main(args, terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

async function json(args: readonly string[], given: Partial<Terminal> = {}) {
  const { code, out, err } = await run([...args, '--json'], given);
  return { code, value: JSON.parse(out), err };
}

/** The fake with an example's records, and the words of the command line that read it. */
async function serve(example: WorkedExample) {
  const served = await mock.serve({ records: example.imported });
  servers.push(served);
  const from = [
    '--from',
    'xpm',
    ...Object.entries(served.settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
  ];
  return { from, env: served.env, source: `xpm:${served.settings.tenantId}` };
}

const store = ['--store', 'sqlite:contacts.db'];

async function importExample(example: WorkedExample, source: string) {
  await writeFile(join(folder, 'book.json'), JSON.stringify(example.existing));
  const { code, err } = await run(['contacts', 'import', 'book.json', '--source', source, ...store]);
  expect(err).toBe('');
  expect(code).toBe(0);
}

async function bookOf(): Promise<Contact[]> {
  const { value } = await json(['contacts', 'list', ...store]);
  return value.contacts.sort((a: Contact, b: Contact) => Number(a.id) - Number(b.id));
}

describe.each(workedExamples.map((example) => [example.name, example] as const))('worked example: %s', (_, example) => {
  test('comes out row by row through the command line, the fake over HTTP and a file', async () => {
    const { from, env, source } = await serve(example);
    await importExample(example, source);

    const planned = await json(['plan', ...from, ...store], { env });
    expect(planned.code).toBe(0);
    const reasonOf = new Map<string, string>(
      planned.value.decisions.map((one: { after: Contact; reason: string }) => [one.after.id, one.reason]),
    );
    for (const { id, reason } of example.expected) {
      const counted = reason === 'unchanged' || reason === 'kept_forced_manual';
      if (reason !== null && !counted) expect(reasonOf.get(id)).toBe(reason);
    }

    const synced = await json(['sync', ...from, ...store], { env });
    expect(synced).toMatchObject({ code: 0, value: { outcome: 'applied' } });
    expect(await bookOf()).toEqual(example.expected.map((row) => exampleContact(row, source)));

    const again = await json(['sync', ...from, ...store], { env });
    expect(again.value).toMatchObject({ outcome: 'unchanged', version: synced.value.version });
  });

  test('every contact is explained by the line that decided it', async () => {
    const { from, env, source } = await serve(example);
    await importExample(example, source);
    for (const { metadata, reason } of example.expected) {
      if (metadata === null || reason === null) continue;
      const { value } = await json(['explain', metadata, ...from, ...store], { env });
      expect(value.records).toHaveLength(1);
      expect(value.records[0].decision.reason).toBe(reason);
      const fitting = value.records[0].steps.filter((step: { fits: boolean }) => step.fits);
      expect(fitting).toHaveLength(1);
      expect(value.records[0].steps.map(({ line }: { line: number }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });
});

const [first] = workedExamples;

test('a plan writes not one byte', async () => {
  const { from, env, source } = await serve(first);
  await importExample(first, source);
  const before = await readFile(join(folder, 'contacts.db'));
  const { code, out } = await run(['plan', ...from, ...store], { env });
  expect(code).toBe(0);
  expect(out).toContain('5 contacts would be written. Nothing was.');
  expect(await readFile(join(folder, 'contacts.db'))).toEqual(before);
});

test('a plan for people shows reason, sentence and difference of each decision, and the counts', async () => {
  const { from, env, source } = await serve(first);
  await importExample(first, source);
  const { out } = await run(['plan', ...from, ...store], { env, width: 200 });
  expect(out).toMatch(/4 Leila Smith +D +relinked_updated +email: leila@smith\.com → leila\.d@smith\.com/);
  expect(out).toContain('phone: +61400000002');
  expect(out).toContain('type: manual → contact-sync');
  expect(out).toContain('Linked by its id: it is a synced contact again, and its details become those of the source.');
  expect(out).toMatch(/6 Mary Smith \(new\) +B +created_partial_match/);
  expect(out).toMatch(/the source says: Harry Smith, harry\.e@smith\.com, \+61400000003/);
  expect(out).toMatch(/^6 +rows read$/m);
});

test('plan --exit-code tells whether there is something to do', async () => {
  const { from, env, source } = await serve(first);
  await importExample(first, source);
  expect((await run(['plan', '--exit-code', ...from, ...store], { env })).code).toBe(5);
  await run(['sync', ...from, ...store], { env });
  expect((await run(['plan', '--exit-code', ...from, ...store], { env })).code).toBe(0);
});

test('explain for people shows why the other lines did not fit', async () => {
  const { from, env, source } = await serve(first);
  await importExample(first, source);
  const { out } = await run(['explain', 'B', ...from, ...store], { env, width: 200 });
  expect(out).toContain('Record B: Mary Smith, mary@smith.com, +61400000001');
  expect(out).toContain(
    '· line 2: a contact is linked to this id and is forced manual – no, no contact is linked to this id',
  );
  expect(out).toContain(
    '· line 7: an external contact has this name, email and phone, and no manual one has – no, no external contact has',
  );
  expect(out).toContain('✔ line 8: a manual contact has this name and email, but another phone, or is not free');
  expect(out).toContain('· line 9: nothing matches – no, line 8 decided');
});

test('explain by email, by contact id, and of a contact that no record concerns', async () => {
  const { from, env, source } = await serve(first);
  await importExample(first, source);
  const byEmail = await json(['explain', 'MARY@smith.com', ...from, ...store], { env });
  expect(byEmail.value.records.map(({ externalId }: { externalId: string }) => externalId)).toEqual(['B']);
  expect(byEmail.value.contacts.map(({ contact }: { contact: Contact }) => contact.id)).toEqual(['2']);
  const byId = await json(['explain', '4', ...from, ...store], { env });
  expect(byId.value.records[0].decision.reason).toBe('relinked_updated');
  const { out } = await run(['explain', '3', ...from, ...store], { env });
  expect(out).toContain('No record of this read concerns this contact, so a sync leaves it as it is.');
});

test('the first sync at a terminal shows its plan and asks; no leaves no trace, --yes does not ask', async () => {
  const { from, env, source } = await serve(first);
  await importExample(first, source);
  const questions: string[] = [];
  const ask = (answer: boolean) => async (question: string) => {
    questions.push(question);
    return answer;
  };
  const before = await bookOf();
  const declined = await run(['sync', ...from, ...store], { env, isInteractive: true, ask: ask(false) });
  expect(declined.code).toBe(0);
  expect(declined.out).toContain('relinked_updated');
  expect(declined.out).toContain('Nothing was written.');
  expect(await bookOf()).toEqual(before);
  expect((await json(['runs', ...store])).value.runs).toHaveLength(1);

  const accepted = await run(['sync', ...from, ...store], { env, isInteractive: true, ask: ask(true) });
  expect(accepted.out).toContain('Done.');
  expect(questions).toHaveLength(2);
  const again = await run(['sync', ...from, ...store], { env, isInteractive: true });
  expect(again.out).toContain('Nothing to do');
});

test('--yes does not ask', async () => {
  const { from, env } = await serve(first);
  const { out } = await run(['sync', '--yes', ...from, ...store], { env, isInteractive: true });
  expect(out).toContain('Done.');
});

test('runs lists what happened, and runs show what one of them decided', async () => {
  const { from, env, source } = await serve(first);
  await importExample(first, source);
  await run(['sync', '--why', 'month end', ...from, ...store], { env });
  const { value } = await json(['runs', ...store]);
  expect(
    value.runs.map((one: { kind: string; outcome: string; why: string; actor: string }) => [
      one.kind,
      one.outcome,
      one.why,
      one.actor,
    ]),
  ).toEqual([
    ['sync', 'applied', 'month end', 'tester'],
    ['import', 'applied', null, 'tester'],
  ]);
  const shown = await run(['runs', 'show', value.runs[0].id, ...store], { width: 200 });
  expect(shown.out).toMatch(/4 Leila Smith +D +relinked_updated/);
  expect((await run(['runs', ...store])).out).toContain('month end' === value.runs[0].why ? 'applied' : '');
});

test('a guard stops a sync with exit code 3, and plan says so beforehand', async () => {
  const { from, env, source } = await serve(first);
  await importExample(first, source);
  await run(['sync', ...from, ...store], { env });
  const empty = await serve({ ...first, imported: [] });
  const before = await bookOf();
  const planned = await run(['plan', ...empty.from, ...store], { env: empty.env });
  expect(planned.code).toBe(3);
  expect(planned.out).toContain('Stopped by source_empty');
  const synced = await run(['sync', ...empty.from, ...store], { env: empty.env });
  expect(synced.code).toBe(3);
  expect(synced.out).toContain('Nothing was written.');
  expect(await bookOf()).toEqual(before);
});

test('a rejected record is listed with what to do, and --fail-on-rejected ends with 4', async () => {
  const bad = { externalId: 'X', name: 'Nobody', email: 'a@x.com; b@x.com', phone: null };
  const { from, env } = await serve({ ...first, imported: [...first.imported, bad] });
  const { code, out } = await run(['sync', '--fail-on-rejected', ...from, ...store], { env, width: 200 });
  expect(code).toBe(4);
  expect(out).toMatch(/Nobody +X +rejected_email_several/);
  expect(out).toContain('Keep one address there, and make further contacts for the others.');
  expect((await bookOf()).map(({ name }) => name)).not.toContain('Nobody');
});

test('contacts: what is exported can be imported into another book, and one is shown', async () => {
  const { source } = await serve(first);
  await importExample(first, source);
  for (const format of ['csv', 'json']) {
    const { out } = await run(['contacts', 'export', '--format', format, ...store]);
    const imported = await json(['contacts', 'import', '-', '--book', format, ...store], {
      readStdin: async () => out,
    });
    expect(imported.value.imported).toBe(5);
    const { value } = await json(['contacts', 'list', '--book', format, ...store]);
    expect(value.contacts.sort((a: Contact, b: Contact) => Number(a.id) - Number(b.id))).toEqual(await bookOf());
  }
  const shown = await run(['contacts', 'show', '5', ...store]);
  expect(shown.out).toMatch(/email +harry_manual@smith\.com/);
  expect(shown.out).toMatch(/external id +E/);
  const listed = await run(['contacts', 'list', 'LEILA', ...store]);
  expect(listed.out).toContain('leila@smith.com');
  expect(listed.out).not.toContain('john@smith.com');
});

test('the demo plays both examples and leaves nothing behind', async () => {
  const { code, out, err } = await run(['demo'], { width: 160 });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/5 +Harry Smith +harry_manual@smith\.com +– +contact-sync +yes +E +relinked_forced_manual/);
  expect(out).toMatch(/7 +Chris Smith +chris@smith\.com +– +contact-sync +no +C +created_external_ignored/);
  expect(out).toMatch(/3 +Chris Smith +chris@smith\.com +– +external +no +– +left as it is/);
  expect(out).toMatch(/6 +Cleo Smith +cleo@smith\.com +– +contact-sync +no +F +created/);
  expect(out.match(/Nothing was written\./g)).toHaveLength(2);
});

test('mock serves until it is told to stop, and says how to read it', async () => {
  const abort = new AbortController();
  let ready: (value: string) => void = () => undefined;
  const printed = new Promise<string>((resolve) => {
    ready = resolve;
  });
  const ending = run(['mock', 'xpm', '--example', '2', '--json'], { signal: abort.signal, out: (text) => ready(text) });
  const { settings, env } = JSON.parse(await printed);
  const from = ['--from', 'xpm', '--set', `tenantId=${settings.tenantId}`, '--set', `baseUrl=${settings.baseUrl}`];
  const { value } = await json(['sync', ...from, ...store], { env });
  expect(value.plan.counts.reasons).toEqual({ created: 4 });
  abort.abort();
  expect((await ending).code).toBe(0);
  const gone = await run(['plan', ...from, ...store], { env });
  expect(gone.err).toContain('source_unreachable');
});

test('mock makes up a practice of the size and with the fault that it is asked for', async () => {
  const { plan } = await planned(['--contacts', '12', '--seed', '3', '--fault', 'unavailable-once']);
  expect(plan.reasons.created).toBeGreaterThan(3);
  expect(plan).toEqual((await planned(['--contacts', '12', '--seed', '3'])).plan);
  expect(plan).not.toEqual((await planned(['--contacts', '12', '--seed', '4'])).plan);
  expect(plan).not.toEqual((await planned(['--contacts', '30', '--seed', '3'])).plan);
  expect((await planned(['--fault', 'token-expired'])).error.code).toBe('source_unauthorized');
});

/** What a plan says of a fake that was made with these options: its counts, or its error. */
async function planned(options: readonly string[]) {
  const abort = new AbortController();
  const { promise: printed, resolve: ready } = Promise.withResolvers<string>();
  const ending = run(['mock', 'xpm', ...options, '--json'], { signal: abort.signal, out: ready });
  const { settings, env } = JSON.parse(await printed);
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const { value } = await json(['plan', '--from', 'xpm', ...set, ...store], { env });
  abort.abort();
  await ending;
  return { plan: value.counts, error: value.error };
}
