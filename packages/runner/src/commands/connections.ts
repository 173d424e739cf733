import { planDisconnect, planPause, planResume } from '@contact-sync/core';
import type { Command } from 'commander';
import { printable } from '../show/printable.js';
import { table } from '../show/table.js';
import type { Terminal } from '../terminal.js';
import { type ChangeOptions, change, withChange } from './change.js';
import { type StoreOptions, withBook, withStore } from './options.js';

const actions = [
  ['disconnect', 'make the contacts of a source manual; their links stay for the day it comes back', planDisconnect],
  ['pause', 'do not sync a source until it is resumed', planPause],
  ['resume', 'sync a paused source again', planResume],
] as const;

export function connectionsCommands(program: Command, terminal: Terminal): void {
  for (const [name, description, plan] of actions) {
    withChange(program.command(name))
      .argument('<source>', 'the source, for example xpm:8c0e…; see: contact-sync connections')
      .description(description)
      .action(async (source: string, options: ChangeOptions) => {
        await change(terminal, options, (store, signature) => plan(store, source, signature));
      });
  }

  withStore(program.command('connections'))
    .description('list the sources that the book is or was connected to')
    .action(async (options: StoreOptions) => {
      await withBook(terminal, options, 'read', async (store) => {
        const { connections } = await store.head();
        if (options.json) return terminal.out(`${JSON.stringify({ connections }, null, 2)}\n`);
        if (connections.length === 0)
          return terminal.out('No connections yet: the first sync of a source connects it.\n');
        terminal.out(
          table(
            terminal,
            ['Source', 'Kind', 'State'],
            connections.map(({ source, kind, state }) => [printable(source), kind, state]),
          ),
        );
      });
    });
}
