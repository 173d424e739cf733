import { ContactSyncError, planDisconnect, planPause, planResume } from '@contact-sync/core';
import type { Command } from 'commander';
import { endAccess } from '../connections/end-access.js';
import type { Terminal } from '../terminal.js';
import { type ChangeOptions, change, withChange } from './change.js';
import { placeOf } from './options.js';
import { storedConnectionsCommands } from './stored-connections.js';

const actions = [
  ['pause', 'do not sync a source until it is resumed', planPause],
  ['resume', 'sync a paused source again', planResume],
] as const;

const aSource = 'the source, for example xpm:8c0e…; see: contact-sync connections';

export function connectionsCommands(program: Command, terminal: Terminal): void {
  withChange(program.command('disconnect'))
    .argument('<source>', aSource)
    .description(
      'end access to a source: its contacts become manual and keep their links for the day it comes back, and what is stored to read it is removed',
    )
    .action(async (source: string, options: ChangeOptions) => {
      try {
        await change(terminal, options, (store, signature) => planDisconnect(store, source, signature));
      } catch (error) {
        // Disconnected already, by a command that could not remove what is stored: that is still to be done.
        const isOver = ContactSyncError.is(error) && error.code === 'not_found' && !options.dryRun;
        if (!isOver || !(await endAccess(terminal, placeOf(terminal, options), source))) throw error;
        if (!options.json) terminal.out('What was still stored to read it was removed, with its secrets.\n');
        return;
      }
      if (options.dryRun || !(await endAccess(terminal, placeOf(terminal, options), source)) || options.json) return;
      terminal.out('What was stored to read it was removed, with its secrets.\n');
    });

  for (const [name, description, plan] of actions) {
    withChange(program.command(name))
      .argument('<source>', aSource)
      .description(description)
      .action(async (source: string, options: ChangeOptions) => {
        await change(terminal, options, (store, signature) => plan(store, source, signature));
      });
  }

  storedConnectionsCommands(program, terminal);
}
