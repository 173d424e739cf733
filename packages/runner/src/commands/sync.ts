import { type ContactStore, connectionKinds, type Plan, reasons } from '@contact-sync/core';
import { type Command, Option } from 'commander';
import { type ExitCode, exitCodes, hasRejected, smallest } from '../exit-codes.js';
import { progressOf } from '../progress.js';
import { countsText } from '../show/counts.js';
import { blocksText, decisionsTable, planJson, planText } from '../show/plan.js';
import { type SyncResult, sync } from '../sync.js';
import type { Terminal } from '../terminal.js';
import {
  type SourceOptions,
  type StoreOptions,
  wholeNumber,
  withConnection,
  withReading,
  withSource,
} from './options.js';

type Options = SourceOptions &
  StoreOptions & {
    readonly yes?: boolean;
    readonly keepDays: number;
    readonly why?: string;
    readonly failOnRejected?: boolean;
  };

export function syncCommand(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  withSource(program.command('sync'))
    .description('make the contact book follow the source')
    .option('--yes', 'do not ask before the first sync of a source')
    .addOption(new Option('--kind <kind>', 'what its records become, at the first sync').choices(connectionKinds))
    .option('--keep-days <n>', 'for how many days the history keeps what runs changed', wholeNumber, 90)
    .option('--why <text>', 'a note for the history')
    .option('--fail-on-rejected', 'end with 4 when records were rejected')
    .action(async (options: Options) => {
      await withReading(terminal, options, async ({ source, policy, kind }) =>
        withConnection(terminal, options, source.source, async (store, signal) => {
          const first = await isFirst(store, source.source);
          const asks = first && terminal.isInteractive && !options.yes && !options.json;
          const result = await progressOf(terminal, source.source, (onProgress, pause) =>
            sync({
              source,
              store,
              actor: terminal.user,
              why: options.why ?? null,
              keepDays: options.keepDays,
              ...(kind === undefined ? {} : { kind }),
              policy,
              now: terminal.now,
              signal,
              onProgress,
              ...(asks ? { confirm: (plan: Plan) => pause(() => approve(terminal, plan)) } : {}),
            }),
          );
          if (options.json) terminal.out(`${JSON.stringify(resultJson(result), null, 2)}\n`);
          else terminal.out(resultText(terminal, result));
          finish(
            smallest([
              result.outcome === 'blocked' ? exitCodes.guarded : exitCodes.done,
              options.failOnRejected && hasRejected(result.plan) ? exitCodes.rejected : exitCodes.done,
            ]),
          );
        }),
      );
    });
}

async function isFirst(store: ContactStore, source: string): Promise<boolean> {
  const { connections } = await store.head();
  return !connections.some((connection) => connection.source === source && connection.state !== 'disconnected');
}

async function approve(terminal: Terminal, plan: Plan): Promise<boolean> {
  // A plan that a guard stopped is not applied anyway: the run says so.
  if (plan.blocked.length > 0) return true;
  terminal.out(`${planText(terminal, plan)}\n`);
  return await terminal.ask('This is the first sync of this source. Apply this plan?');
}

function resultJson({ outcome, plan, run }: SyncResult): object {
  return { outcome, run: run?.id ?? null, version: run?.version ?? plan.base, plan: planJson(plan) };
}

/** The counts, what waits for a person, and where to see the rest. */
function resultText(terminal: Terminal, { outcome, plan, run }: SyncResult): string {
  const forPeople = plan.decisions.filter(
    ({ reason, flags }) => ['reject', 'hold'].includes(reasons[reason].action) || flags.length > 0,
  );
  const closing = {
    applied: `Done. Every change and its reason: contact-sync runs show ${run?.id}`,
    unchanged: 'Nothing to do: the book says what the source says.',
    blocked: 'Nothing was written.',
    declined: 'Nothing was written.',
  }[outcome];
  return [
    decisionsTable(terminal, forPeople),
    countsText(terminal, plan.counts),
    blocksText(terminal, plan),
    terminal.style('bold', closing),
    '',
  ]
    .filter((part, index) => part !== '' || index === 4)
    .join('\n');
}
