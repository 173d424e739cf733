import type { Decision } from '@contact-sync/core';
import type { Command } from 'commander';
import { decisionJson, decisionsTable } from '../show/plan.js';
import { runsTable } from '../show/runs.js';
import type { Terminal } from '../terminal.js';
import { type StoreOptions, wholeNumber, withBook, withStore } from './options.js';
import { reportCommand } from './report.js';

export function runsCommand(program: Command, terminal: Terminal): void {
  const runs = program.command('runs').description('the history of the book');

  withStore(runs.command('list', { isDefault: true }))
    .option('--limit <n>', 'how many at the most', wholeNumber, 20)
    .description('list runs, the newest first')
    .action(async (options: StoreOptions & { limit: number }) => {
      await withBook(terminal, options, 'read', async (store) => {
        const found = await store.runs({ limit: options.limit });
        if (options.json) return terminal.out(`${JSON.stringify(found, null, 2)}\n`);
        terminal.out(found.runs.length === 0 ? 'No runs yet.\n' : runsTable(terminal, found.runs));
      });
    });

  withStore(runs.command('show'))
    .argument('<run>', 'the number of the run')
    .description('show what a run decided, with reasons, before and after')
    .action(async (id: string, options: StoreOptions) => {
      await withBook(terminal, options, 'read', async (store) => {
        const decisions: Decision[] = [];
        for await (const decision of store.decisions(id)) decisions.push(decision);
        if (options.json)
          return terminal.out(`${JSON.stringify({ run: id, decisions: decisions.map(decisionJson) }, null, 2)}\n`);
        terminal.out(decisions.length === 0 ? `Run ${id} had nothing to list.\n` : decisionsTable(terminal, decisions));
      });
    });

  reportCommand(runs, terminal);
}
