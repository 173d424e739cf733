import {
  type Details,
  defaultPolicy,
  planAdd,
  planEdit,
  planForceManual,
  planLink,
  planRelease,
} from '@contact-sync/core';
import type { Command } from 'commander';
import { contactText } from '../show/contacts.js';
import type { Terminal } from '../terminal.js';
import { type ChangeOptions, change, signatureOf, withChange } from './change.js';
import { notFound, withBook } from './options.js';

type DetailOptions = {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly region: string;
};

/** What a person can do to one contact. */
export function editCommands(contacts: Command, terminal: Terminal): void {
  withChange(contacts.command('force-manual'))
    .argument('<id>', 'the id of the contact')
    .description('take a contact over: a sync does not change its details any more')
    .action(async (id: string, options: ChangeOptions) => {
      await change(terminal, options, (store, signature) => planForceManual(store, id, signature));
    });

  withChange(contacts.command('release'))
    .argument('<id>', 'the id of the contact')
    .description('give a contact back: the next sync makes it equal to its source')
    .action(async (id: string, options: ChangeOptions) => {
      await change(terminal, options, (store, signature) => planRelease(store, id, signature));
    });

  withDetails(withChange(contacts.command('edit')))
    .argument('<id>', 'the id of the contact')
    .description('change a manual or forced-manual contact')
    .action(async (id: string, options: ChangeOptions & DetailOptions) => {
      await change(terminal, options, (store, signature) =>
        planEdit(store, id, detailsOf(options), options.region, signature),
      );
    });

  withDetails(withChange(contacts.command('add')))
    .description('make a manual contact')
    .action(async (options: ChangeOptions & DetailOptions) => {
      const details: Details = { name: '', email: '', phone: null, ...detailsOf(options) };
      await change(terminal, options, (store, signature) => planAdd(store, details, options.region, signature));
    });

  withChange(contacts.command('link'))
    .argument('<id>', 'the id of the contact')
    .argument('<source>', 'the source of the record, for example xpm:8c0e…')
    .argument('<external-id>', 'the id of the record in the source')
    .description('link a contact to a record by hand; the contact that had the link becomes manual')
    .action(async (id: string, source: string, externalId: string, options: ChangeOptions) => {
      await change(terminal, options, (store, signature) => planLink(store, id, { source, externalId }, signature));
    });

  withChange(contacts.command('forget'))
    .argument('<id>', 'the id of the contact')
    .option('--yes', 'do not ask')
    .description('remove a person from the book and its history for good; the next sync does not bring the person back')
    .action(async (id: string, options: ChangeOptions & { readonly yes?: boolean }) => {
      await withBook(terminal, options, options.dryRun ? 'read' : 'write', async (store) => {
        const [contact] = await store.find({ ids: [id] });
        if (contact === undefined && options.dryRun)
          throw notFound(`The book has no contact ${id}.`, 'See them with: contact-sync contacts list');
        if (!options.json && contact !== undefined) terminal.out(contactText(terminal, contact));
        const asked = terminal.isInteractive && !options.yes && !options.dryRun && !options.json;
        const wanted =
          !options.dryRun && (!asked || (await terminal.ask('Forget this person for good? It cannot be undone.')));
        const run = wanted ? await store.forget(id, signatureOf(terminal, options)) : null;
        if (options.json)
          terminal.out(`${JSON.stringify({ forgotten: run !== null, run: run?.id ?? null }, null, 2)}\n`);
        else terminal.out(run === null ? 'Nothing was written.\n' : 'Done. What is kept is a hash of the link.\n');
      });
    });
}

function withDetails(command: Command): Command {
  return command
    .option('--name <name>')
    .option('--email <address>')
    .option('--phone <number>', 'empty for none')
    .option('--region <region>', 'where a phone without a country code is', defaultPolicy.region);
}

function detailsOf({ name, email, phone }: DetailOptions): Partial<Details> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone: phone === '' ? null : phone }),
  };
}
