import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Connector,
  type Contact,
  type ContactSource,
  type ContactStore,
  defaultPolicy,
  planImport,
  planSync,
  type RawRecord,
  type Reason,
  readAll,
  type ServedMock,
} from '@contact-sync/core';
import { exampleContact, type WorkedExample, workedExamples } from '@contact-sync/core/testing';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import type { Command } from 'commander';
import { loadConnector, settingsFor } from '../connectors.js';
import { loadMock } from '../mocks.js';
import { contactsTable } from '../show/contacts.js';
import { countsLine } from '../show/counts.js';
import { printable } from '../show/printable.js';
import { table } from '../show/table.js';
import { sync } from '../sync.js';
import { calledAs, type Terminal } from '../terminal.js';

/** The two worked examples of the rules, end to end: a faked system over HTTP on loopback, and a real database file. */
export function demoCommand(program: Command, terminal: Terminal): void {
  program
    .command('demo')
    .description('watch the two worked examples of the rules run, without any account')
    .action(async () => {
      const connector = await loadConnector('xpm', terminal.cwd);
      const mock = await loadMock('xpm', terminal.cwd);
      const folder = await mkdtemp(join(tmpdir(), 'contact-sync-demo-'));
      try {
        for (const [index, example] of workedExamples.entries()) {
          const served = await mock.serve({ records: example.imported });
          const store = sqliteStore({ file: join(folder, `example-${index + 1}.db`), create: true });
          try {
            await show(terminal, { example, number: index + 1, source: open(connector, served), store });
          } finally {
            await store.close();
            await served.close();
          }
        }
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      terminal.out(next(terminal));
    });
}

function open(connector: Connector, served: ServedMock): ContactSource {
  return connector.create(settingsFor(connector, served.settings, served.env));
}

type Scene = { example: WorkedExample; number: number; source: ContactSource; store: ContactStore };

async function show(terminal: Terminal, { example, number, source, store }: Scene): Promise<void> {
  const { out, style } = terminal;
  const actor = 'demo';
  const { version } = await store.head();
  const existing = example.existing.map((contact) => exampleContact(contact, source.source));
  await store.apply(planImport(existing, { base: version, at: terminal.now().toISOString(), actor }));

  out(style('bold', `\nExample ${number}: ${example.name}\n`));
  out(`\n${style('underline', 'The contact book before')}\n${contactsTable(terminal, existing)}`);
  out(`\n${style('underline', 'What Xero Practice Manager has')} (a fake of it, read over HTTP on this machine)\n`);
  out(importedTable(terminal, example.imported));

  const reasons = await reasonsOf(store, source, terminal);
  const result = await sync({ source, store, actor, now: terminal.now });
  const { contacts } = await store.search({ limit: 100 });
  const after = [...contacts].sort((a, b) => Number(a.id) - Number(b.id));
  out(`\n${style('underline', 'The contact book after the sync, and why')}\n${afterTable(terminal, after, reasons)}`);
  out(`\nRun ${result.run?.id}: ${countsLine(result.plan.counts)}.\n`);

  const again = await sync({ source, store, actor, now: terminal.now });
  out(
    `The same sync again: ${countsLine(again.plan.counts)}. ${again.outcome === 'unchanged' ? 'Nothing was written.' : ''}\n`,
  );
}

/** Why each contact is as it is after a sync, by its id: a plan that shows every step, made and dropped. */
async function reasonsOf(store: ContactStore, source: ContactSource, { now }: Terminal): Promise<Map<string, Reason>> {
  const read = await readAll(source);
  const reasons = new Map<string, Reason>();
  await planSync(store, {
    read,
    policy: defaultPolicy,
    at: now().toISOString(),
    actor: 'demo',
    onStep: ({ decision }) => {
      if (decision?.after != null) reasons.set(decision.after.id, decision.reason);
    },
  });
  return reasons;
}

function importedTable(terminal: Terminal, records: readonly RawRecord[]): string {
  const rows = records.map(({ externalId, name, email, phone }) =>
    [externalId, name ?? '–', email ?? '–', phone ?? '–'].map(printable),
  );
  return table(terminal, ['External id', 'Name', 'Email', 'Phone'], rows);
}

function afterTable(terminal: Terminal, contacts: readonly Contact[], reasons: ReadonlyMap<string, Reason>): string {
  const rows = contacts.map(({ id, name, email, phone, recordType, forcedManual, link }) => [
    id,
    printable(name),
    printable(email),
    phone ?? '–',
    recordType,
    forcedManual ? 'yes' : 'no',
    link?.externalId ?? '–',
    reasons.get(id) ?? 'left as it is',
  ]);
  const headings = ['Id', 'Name', 'Email', 'Phone', 'Type', 'Forced', 'Metadata', 'Reason'];
  return table(terminal, headings, rows, { shares: [null, 1, 2, null, null, null, null, 2] });
}

function next(terminal: Terminal): string {
  const called = calledAs(terminal);
  const commands = [
    ['serve the fake and copy what it prints into a second terminal', `${called} mock xpm --port 4010`],
    ['then see what a sync would do, why, and do it', `${called} plan --help`],
    ['take one record through every rule', `${called} explain --help`],
    ['load a contact book of your own', `${called} contacts import --help`],
  ] as const;
  const lines = commands.map(([what, command]) => `  ${terminal.style('dim', `# ${what}`)}\n  ${command}`);
  return `\n${terminal.style('bold', 'To try next')}\n${lines.join('\n')}\n`;
}
