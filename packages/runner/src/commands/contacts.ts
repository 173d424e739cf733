import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type Contact,
  type ContactStore,
  ContactSyncError,
  defaultPolicy,
  parsePolicy,
  planImport,
  type RecordType,
  recordTypes,
} from '@contact-sync/core';
import { type Command, Option } from 'commander';
import { type FileFormat, formatContacts, parseContacts } from '../contacts-file.js';
import { contactsTable, contactText } from '../show/contacts.js';
import { historyJson, historyText } from '../show/history.js';
import type { Terminal } from '../terminal.js';
import { signatureOf } from './change.js';
import { editCommands } from './edit.js';
import { notFound, type StoreOptions, wholeNumber, withBook, withStore } from './options.js';

export function contactsCommand(program: Command, terminal: Terminal): void {
  const contacts = program.command('contacts').description('look at the contact book, fill it, and change it by hand');
  editCommands(contacts, terminal);

  withStore(contacts.command('list'))
    .argument('[text]', 'part of a name, an email or a phone')
    .addOption(new Option('--type <type>', 'contacts of this record type').choices(recordTypes))
    .option('--source <source>', 'contacts that are linked to this source, for example xpm:8c0e…')
    .option('--forced-manual', 'contacts that were taken over by hand')
    .option('--missing', 'contacts whose record the source does not have any more')
    .option('--limit <n>', 'how many at the most', wholeNumber, 100)
    .description('list contacts')
    .action(async (text: string | undefined, options: StoreOptions & ListOptions) => {
      await withBook(terminal, options, 'read', async (store) => {
        const { type: recordType, source, forcedManual, missing, limit } = options;
        const found = await store.search({ text, recordType, source, forcedManual, missing, limit });
        if (options.json) return terminal.out(`${JSON.stringify(found, null, 2)}\n`);
        terminal.out(found.contacts.length === 0 ? 'No contacts.\n' : contactsTable(terminal, found.contacts));
        if (found.next !== null)
          terminal.out(`There are more. Show more with --limit, or search: contact-sync contacts list NAME\n`);
      });
    });

  withStore(contacts.command('show'))
    .argument('<id>', 'the id of the contact')
    .description('show one contact')
    .action(async (id: string, options: StoreOptions) => {
      await withBook(terminal, options, 'read', async (store) => {
        const [contact] = await store.find({ ids: [id] });
        if (contact === undefined)
          throw notFound(`The book has no contact ${id}.`, 'See them with: contact-sync contacts list');
        terminal.out(options.json ? `${JSON.stringify(contact, null, 2)}\n` : contactText(terminal, contact));
      });
    });

  withStore(contacts.command('history'))
    .argument('<id>', 'the id of the contact; one that left the book has its history still')
    .option('--limit <n>', 'how many at the most', wholeNumber, 50)
    .description('show what every run decided about one contact, the newest first')
    .action(async (id: string, options: StoreOptions & { limit: number }) => {
      await withBook(terminal, options, 'read', async (store) => {
        const { entries, next } = await store.history(id, { limit: options.limit });
        const known = entries.length > 0 || (await store.find({ ids: [id] })).length > 0;
        if (!known) throw notFound(`The book has no contact ${id}.`, 'See them with: contact-sync contacts list');
        if (options.json) return terminal.out(`${JSON.stringify(historyJson(entries, next), null, 2)}\n`);
        terminal.out(historyText(terminal, entries));
        if (next !== null) terminal.out('There is more. Show more with --limit.\n');
      });
    });

  withStore(contacts.command('import'))
    .argument(
      '<file>',
      'JSON or CSV with the columns id, name, email, phone, recordType, forcedManual, metadata; - for standard input',
    )
    .addOption(formatOption())
    .option('--source <source>', 'what the metadata belongs to, for example xpm:8c0e…')
    .option('--region <region>', 'where phones without a country code are', defaultPolicy.region)
    .option('--why <text>', 'a note for the history')
    .description('load existing contacts into the book, all of them or none')
    .action(async (file: string, options: StoreOptions & ImportOptions) => {
      const text = file === '-' ? await terminal.readStdin() : await readText(resolve(terminal.cwd, file), file);
      const { region } = parsePolicy({ region: options.region });
      const parse = (newId: () => string) =>
        parseContacts(text, {
          format: options.format ?? formatOf(file, text),
          source: options.source ?? null,
          region,
          newId,
        });
      // Once before the book is opened: a file with faults does not make one.
      parse(() => '');
      await withBook(terminal, options, 'write', async (store) => {
        const { version, newId, connections } = await store.head();
        const parsed = parse(newId);
        await refuseTaken(store, parsed);
        const { at, actor, why } = signatureOf(terminal, options);
        const run = await store.apply(planImport(parsed, { base: version, connections, at, actor, why }));
        if (options.json)
          terminal.out(`${JSON.stringify({ run: run.id, version: run.version, imported: parsed.length }, null, 2)}\n`);
        else terminal.out(`${parsed.length} ${parsed.length === 1 ? 'contact' : 'contacts'} imported.\n`);
      });
    });

  withStore(contacts.command('export'))
    .addOption(formatOption().default('csv' satisfies FileFormat))
    .description('write all contacts to standard output, in a form that contacts import reads')
    .action(async (options: StoreOptions & { format: FileFormat }) => {
      await withBook(terminal, options, 'read', async (store) => {
        terminal.out(formatContacts(await allContacts(store), options.json ? 'json' : options.format));
      });
    });
}

type ListOptions = {
  readonly type?: RecordType;
  readonly source?: string;
  readonly forcedManual?: true;
  readonly missing?: true;
  readonly limit: number;
};

type ImportOptions = {
  readonly format?: FileFormat;
  readonly source?: string;
  readonly region: string;
  readonly why?: string;
};

function formatOption(): Option {
  return new Option('--format <format>', 'csv or json').choices(['csv', 'json']);
}

function formatOf(file: string, text: string): FileFormat {
  if (/\.json$/i.test(file)) return 'json';
  if (/\.(csv|txt)$/i.test(file)) return 'csv';
  return /^\s*[[{]/.test(text) ? 'json' : 'csv';
}

async function readText(path: string, named: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new ContactSyncError(
      'import_invalid',
      missing ? `There is no file ${named}.` : `${named} cannot be read as UTF-8 text.`,
      {
        hint: missing ? 'Check the path.' : 'Save it as UTF-8 (in Excel: CSV UTF-8), and check that you may read it.',
        cause: error,
      },
    );
  }
}

/** Says which contacts are there already, before the store refuses the plan as a whole. */
async function refuseTaken(store: ContactStore, contacts: readonly Contact[]): Promise<void> {
  const taken = new Set((await store.find({ ids: contacts.map(({ id }) => id) })).map(({ id }) => `id ${id}`));
  const bySource = Map.groupBy(
    contacts.flatMap(({ link, recordType }) => (link === null || recordType === 'external' ? [] : [link])),
    ({ source }) => source,
  );
  for (const [source, links] of bySource) {
    const linked = await store.find({ links: { source, externalIds: links.map(({ externalId }) => externalId) } });
    for (const { link, recordType } of linked)
      if (link !== null && recordType !== 'external') taken.add(`metadata ${link.externalId}`);
  }
  if (taken.size === 0) return;
  const some = [...taken].slice(0, 10).join(', ');
  throw new ContactSyncError(
    'import_invalid',
    `The book has contacts already with ${some}${taken.size > 10 ? ', …' : ''}.`,
    {
      hint: 'Nothing was imported. Import into an empty book (--book NAME), or take these contacts out of the file.',
    },
  );
}

async function allContacts(store: ContactStore): Promise<Contact[]> {
  const all: Contact[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<ContactStore['search']>> = await store.search(
      after === null ? { limit: 1000 } : { limit: 1000, after },
    );
    all.push(...page.contacts);
    after = page.next;
  } while (after !== null);
  return all;
}
