import { parsePolicy, readAll } from '@contact-sync/core';
import type { Command } from 'commander';
import { type Explained, explain } from '../explain.js';
import { progressOf } from '../progress.js';
import { contactText } from '../show/contacts.js';
import { explanationText } from '../show/explanation.js';
import { decisionJson, decisionsTable } from '../show/plan.js';
import type { Terminal } from '../terminal.js';
import { notFound, type SourceOptions, type StoreOptions, withBook, withReading, withSource } from './options.js';

export function explainCommand(program: Command, terminal: Terminal): void {
  withSource(program.command('explain'))
    .argument('<id-or-email>', "a contact's id, a record's external id, or an email address")
    .description('take one record through every rule, and show which fitted and why the others did not')
    .action(async (subject: string, options: SourceOptions & StoreOptions) => {
      await withReading(terminal, options, async ({ source, policy: given }) =>
        withBook(terminal, options, 'preview', async (store) => {
          const policy = parsePolicy(given);
          const explained = await progressOf(terminal, source.source, async (onProgress) => {
            const read = await readAll(source, { signal: terminal.signal, onProgress });
            return await explain(store, subject, {
              read,
              policy,
              at: terminal.now().toISOString(),
              actor: terminal.user,
            });
          });
          if (explained.records.length === 0 && explained.contacts.length === 0) {
            throw notFound(`Neither the source nor the book has "${subject}".`, unknownHint(explained));
          }
          terminal.out(options.json ? `${JSON.stringify(toJson(explained), null, 2)}\n` : toText(terminal, explained));
        }),
      );
    });
}

/** A record that a filter left out is not looked at, so nobody can say whether it was this one. */
function unknownHint({ plan }: Explained): string {
  const left = Object.entries(plan.counts.skipped).map(([filter, n]) => `${n} ${filter}`);
  const hint = 'Give an id or an email exactly as it is written there.';
  if (left.length === 0) return hint;
  return `${hint} It may also be among the rows that were left out (${left.join(', ')}): the connector's settings say which are.`;
}

function toText(terminal: Terminal, { records, contacts }: Explained): string {
  const texts = records.map((explanation) => explanationText(terminal, explanation));
  for (const { contact, decision } of contacts) {
    const what =
      decision === null
        ? 'No record of this read concerns this contact, so a sync leaves it as it is.\n'
        : decisionsTable(terminal, [decision]);
    texts.push(`${terminal.style('bold', `Contact ${contact.id}`)}\n${contactText(terminal, contact)}\n${what}`);
  }
  return texts.join('\n');
}

function toJson({ records, contacts }: Explained): object {
  return {
    records: records.map(({ record, steps, decision }) => ({
      externalId: record.externalId,
      says: record.says,
      steps: steps.map(({ line, when, whyNot }) => ({ line, when, fits: whyNot === null, whyNot })),
      decision: decisionJson(decision),
    })),
    contacts: contacts.map(({ contact, decision }) => ({ contact, decision: decision && decisionJson(decision) })),
  };
}
