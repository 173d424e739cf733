import { type ContactStore, type Plan, planChangesBook, type Signature } from '@contact-sync/core';
import type { Command } from 'commander';
import { blocksText, decisionsTable, planJson } from '../show/plan.js';
import type { Terminal } from '../terminal.js';
import { type StoreOptions, withBook, withStore } from './options.js';

export type ChangeOptions = StoreOptions & { readonly why?: string; readonly dryRun?: boolean };

/** A command whose work is a plan that a person makes. */
export function withChange(command: Command): Command {
  return withStore(command)
    .option('--why <text>', 'a note for the history')
    .option('--dry-run', 'show what would be written, and write nothing');
}

/** Makes the plan, shows it, and applies it unless it is a dry run. */
export async function change(
  terminal: Terminal,
  options: ChangeOptions,
  make: (store: ContactStore, signature: Signature) => Promise<Plan>,
): Promise<void> {
  await withBook(terminal, options, options.dryRun ? 'read' : 'write', async (store) => {
    const plan = await make(store, signatureOf(terminal, options));
    if (options.dryRun) return show(terminal, options, plan, 'Nothing was written.');
    const run = await store.apply(plan);
    if (options.json)
      terminal.out(
        `${JSON.stringify({ outcome: run.outcome, run: run.id, version: run.version, plan: planJson(plan) }, null, 2)}\n`,
      );
    else
      show(
        terminal,
        options,
        plan,
        run.outcome === 'unchanged'
          ? 'There was nothing to change.'
          : `Done. To take it back: contact-sync undo ${run.id}`,
      );
  });
}

export function signatureOf(terminal: Terminal, { why }: { readonly why?: string }): Signature {
  return { actor: terminal.user, at: terminal.now().toISOString(), why: why ?? null };
}

function show(terminal: Terminal, options: ChangeOptions, plan: Plan, closing: string): void {
  terminal.out(options.json ? `${JSON.stringify(planJson(plan), null, 2)}\n` : changeText(terminal, plan, closing));
}

function changeText(terminal: Terminal, plan: Plan, closing: string): string {
  const connections = plan.connections.map(({ before, after }) => {
    const source = (after ?? before)?.source;
    return `Connection ${source}: ${before?.state ?? 'unknown'} → ${after?.state ?? 'unknown'}\n`;
  });
  const parts = [decisionsTable(terminal, plan.decisions), connections.join(''), blocksText(terminal, plan)];
  const what = planChangesBook(plan) ? closing : 'There is nothing to change.';
  return `${[...parts, terminal.style('bold', what)].filter((part) => part !== '').join('\n')}\n`;
}
