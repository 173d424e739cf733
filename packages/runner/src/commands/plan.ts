import { changesBook, connectionKinds, type Plan, planHash } from '@contact-sync/core';
import { type Command, Option } from 'commander';
import { type ExitCode, exitCodes, hasRejected, smallest } from '../exit-codes.js';
import { progressOf } from '../progress.js';
import { planJson, planText } from '../show/plan.js';
import { preview } from '../sync.js';
import type { Terminal } from '../terminal.js';
import { type SourceOptions, type StoreOptions, withBook, withReading, withSource } from './options.js';

type PlanOptions = SourceOptions & StoreOptions & { readonly exitCode?: boolean; readonly failOnRejected?: boolean };

export function planCommand(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  withSource(program.command('plan'))
    .description('show what a sync would do, and write nothing')
    .addOption(new Option('--kind <kind>', 'what its records become, at the first sync').choices(connectionKinds))
    .option('--exit-code', 'end with 5 when there is something to do')
    .option('--fail-on-rejected', 'end with 4 when records are rejected')
    .action(async (options: PlanOptions) => {
      await withReading(terminal, options, async ({ source, policy, kind }) =>
        withBook(terminal, options, 'preview', async (store) => {
          const plan = await progressOf(terminal, source.source, (onProgress) =>
            preview({
              source,
              store,
              actor: terminal.user,
              policy,
              now: terminal.now,
              signal: terminal.signal,
              ...(kind === undefined ? {} : { kind }),
              onProgress,
            }),
          );
          if (options.json) terminal.out(`${JSON.stringify(planJson(plan), null, 2)}\n`);
          else terminal.out(`${planText(terminal, plan)}\n${closing(terminal, plan)}`);
          finish(exitCodeOf(plan, options));
        }),
      );
    });
}

function closing(terminal: Terminal, plan: Plan): string {
  const changes = plan.decisions.filter(changesBook).length;
  const what =
    changes === 0
      ? 'There is nothing to do.'
      : `${changes} ${changes === 1 ? 'contact' : 'contacts'} would be written. Nothing was.`;
  return `${terminal.style('bold', what)} Plan ${planHash(plan).slice(0, 12)}, for version ${plan.base} of the book.\n`;
}

function exitCodeOf(plan: Plan, options: PlanOptions): ExitCode {
  return smallest([
    plan.blocked.length > 0 ? exitCodes.guarded : exitCodes.done,
    options.failOnRejected && hasRejected(plan) ? exitCodes.rejected : exitCodes.done,
    options.exitCode && plan.decisions.some(changesBook) ? exitCodes.pending : exitCodes.done,
  ]);
}
