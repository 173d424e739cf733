import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ContactSyncError } from '@contact-sync/core';
import { type Command, Option } from 'commander';
import { readReport } from '../reports/read-report.js';
import { type ReportFormat, reportFormats } from '../reports/report.js';
import type { Terminal } from '../terminal.js';
import { type StoreOptions, withBook, withStore } from './options.js';

type Options = StoreOptions & { readonly format?: ReportFormat; readonly out?: string; readonly open?: boolean };

const formats = Object.keys(reportFormats) as ReportFormat[];

/** `runs report RUN`, below the command of the history. */
export function reportCommand(runs: Command, terminal: Terminal): void {
  withStore(runs.command('report'))
    .argument('<run>', 'the number of the run')
    .addOption(new Option('--format <format>', 'by the ending of --out unless said; html without it').choices(formats))
    .option('--out <file>', 'where to write it, - for standard output; run-RUN.FORMAT here unless said')
    .option('--open', 'show it in the browser')
    .description('write a report of a run: a page to look at, the records that were not imported, or everything')
    .addHelpText(
      'after',
      `\nFormats:\n${formats.map((name) => `  ${name.padEnd(7)} ${reportFormats[name]}`).join('\n')}\n`,
    )
    .action(async (id: string, options: Options) => {
      await withBook(terminal, options, 'read', async (store) => {
        const format = options.format ?? formatOf(options.out) ?? 'html';
        const text = [...(await readReport(store, id, format))];
        const out = options.out ?? `run-${id}.${format}`;
        if (out === '-') return text.forEach(terminal.out);
        const file = resolve(terminal.cwd, out);
        write(file, text.join(''));
        if (options.json) terminal.out(`${JSON.stringify({ run: id, format, file }, null, 2)}\n`);
        else terminal.out(`The report of run ${id} is in ${file}\n`);
        if (options.open) await terminal.openBrowser(pathToFileURL(file).href);
      });
    });
}

function formatOf(file: string | undefined): ReportFormat | undefined {
  return formats.find((format) => extname(file ?? '').toLowerCase() === `.${format}`);
}

/** Only the user may read it: it is full of people's details. */
function write(file: string, text: string): void {
  try {
    // A file that is there keeps its mode, whoever may read it: it is made anew.
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile()) rmSync(file);
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    throw new ContactSyncError('setting_invalid', `${file} cannot be written.`, {
      hint: 'Name another place with --out: an existing folder in which you may write.',
      cause: error,
    });
  }
}
