import { planApproveHeld, planOfRun, planUndo } from '@contact-sync/core';
import type { Command } from 'commander';
import { planJson } from '../show/plan.js';
import type { Terminal } from '../terminal.js';
import { type ChangeOptions, change, signatureOf, withChange } from './change.js';
import { withBook } from './options.js';

/** What a person decides about a run: to take it back, or to let it happen after all. */
export function undoCommand(program: Command, terminal: Terminal): void {
  withChange(program.command('undo'))
    .argument('<run>', 'the number of the run')
    .description('restore what a run changed; what was changed since is left alone and listed')
    .addHelpText('after', '\nThe connection of an undone sync is paused, else the next sync would do it again.\n')
    .action(async (run: string, options: ChangeOptions) => {
      await change(terminal, options, (store, signature) => planUndo(store, run, signature));
    });
}

export function approveCommand(program: Command, terminal: Terminal): void {
  withChange(program.command('approve'))
    .argument('<run>', 'the number of the run that a guard stopped, or that holds a record')
    .option('--record <external-id>', 'approve one record that the run held')
    .description('apply exactly what a run was stopped from doing')
    .action(async (run: string, options: ChangeOptions & { readonly record?: string }) => {
      const { record } = options;
      if (record !== undefined) {
        return await change(terminal, options, (store, signature) => planApproveHeld(store, run, record, signature));
      }
      if (options.dryRun) return await change(terminal, options, (store) => planOfRun(store, run));
      await withBook(terminal, options, 'write', async (store) => {
        const plan = await planOfRun(store, run);
        const applied = await store.apply(plan, { run, ...signatureOf(terminal, options) });
        if (options.json)
          terminal.out(
            `${JSON.stringify({ outcome: applied.outcome, run: applied.id, version: applied.version, plan: planJson(plan) }, null, 2)}\n`,
          );
        else
          terminal.out(
            `Done: the plan of run ${run} was applied with run ${applied.id}. To take it back: contact-sync undo ${applied.id}\n`,
          );
      });
    });
}
