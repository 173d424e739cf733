import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ContactSyncError } from '@contact-sync/core';
import { type Command, Option } from 'commander';
import type { Fleet, Ordered, Selection } from '../fleet/types.js';
import { firmsTable, fleetText, orderedText } from '../show/fleet.js';
import { calledAs, type Terminal } from '../terminal.js';
import { newFile } from './new-file.js';
import { type OpenOptions, openPage, withOpening } from './open.js';
import { type StoreOptions, wholeNumber, withOutput } from './options.js';
import { proxySecretVariable, type WebFlags, webOf, withProxy } from './serve-web.js';

type FleetOptions = Omit<StoreOptions, 'book'>;
type ServeOptions = FleetOptions &
  Omit<WebFlags, 'web'> & { readonly listen: string; readonly logLevel: 'error' | 'warn' | 'info' | 'debug' };

/** Beside a service and a worker there is room for the page of their fleet. */
const pageAddress = '127.0.0.1:8486';
type SelectOptions = FleetOptions & { readonly source?: string; readonly code?: string; readonly all?: boolean };

export function fleetCommands(program: Command, terminal: Terminal): void {
  const fleet = program
    .command('fleet')
    .description('the connections of all books of a PostgreSQL store, as operators');

  withSelection(withFleet(fleet.command('status')))
    .option('--limit <n>', 'show so many connections, the worst first', wholeNumber, 20)
    .description('how the fleet stands, and which connections do not do well')
    .action(async (book: string | undefined, options: SelectOptions & { readonly limit: number }) => {
      const status = await asked(terminal, options, (opened) =>
        opened.status({ ...selectionOf(book, options), limit: options.limit }),
      );
      terminal.out(options.json ? json(status) : fleetText(terminal, status));
    });

  withFleet(fleet.command('top'))
    .option('--limit <n>', 'show so many connections', wholeNumber, 20)
    .description('what runs now, and what took longest')
    .action(async (options: FleetOptions & { readonly limit: number }) => {
      const top = await asked(terminal, options, (opened) => opened.top(options.limit));
      terminal.out(options.json ? json(top) : firmsTable(terminal, top.firms, top.at));
    });

  order('pause', 'sync these connections no more, until they are resumed', 'Paused:', (opened, selection, why) =>
    opened.pause(selection, why),
  );
  order('resume', 'sync these connections again', 'Resumed:', (opened, selection, why) =>
    opened.resume(selection, why),
  );
  order(
    'retry',
    'sync these connections now, and release those that wait for a person',
    'To be synced now:',
    (opened, selection) => opened.retry(selection),
  );

  function order(
    name: string,
    description: string,
    done: string,
    work: (fleet: Fleet, selection: Selection, why: string | null) => Promise<Ordered>,
  ): void {
    withSelection(withFleet(fleet.command(name)))
      .option('--all', 'every connection of every book')
      .option('--why <text>', 'a note for the history')
      .description(description)
      .action(async (book: string | undefined, options: SelectOptions & { readonly why?: string }) => {
        const selection = selectionOf(book, options);
        if (!options.all && Object.values(selection).every((one) => one === null)) {
          throw new ContactSyncError('usage', 'Nothing says which connections are meant.', {
            hint: 'Name a book, --source or --code; or say --all.',
          });
        }
        const ordered = await asked(terminal, options, (opened) => work(opened, selection, options.why ?? null));
        terminal.out(options.json ? json(ordered) : orderedText(ordered, done));
      });
  }

  withProxy(withFleet(fleet.command('serve')))
    .description('the page of the fleet, for operators, until it is stopped; it syncs nothing itself')
    .option('--listen <address>', 'where the page and /healthz are', pageAddress)
    .addOption(
      new Option('--log-level <level>', 'what is logged').choices(['error', 'warn', 'info', 'debug']).default('info'),
    )
    .addHelpText('after', `\nThe secret that the proxy sends is in ${proxySecretVariable}.\n`)
    .action(async (options: ServeOptions) => {
      const { env, cwd, signal, user: actor } = terminal;
      const proxy = webOf({ ...options, web: true }, options.configured?.config, env);
      const [{ serveFleet }, { fleetUrl }, { parseListen }] = await Promise.all([
        import('../fleet/serve-fleet.js'),
        import('../fleet/load-fleet.js'),
        import('../serve/http.js'),
      ]);
      await serveFleet({
        ...{ url: fleetUrl(options.store), env, cwd, signal, actor, logLevel: options.logLevel },
        listen: parseListen(options.listen),
        write: terminal.err,
        web: {
          // The configuration may want no page of a book; this one was asked for.
          proxy: proxy === false ? null : proxy,
          command: `${calledAs(terminal)} fleet open`,
          // A link opens the page, so it is for the eyes of a person and not for a log.
          show: terminal.isInteractive ? terminal.out : null,
        },
      });
    });

  withOpening(withFleet(fleet.command('open')), pageAddress)
    .description('open the page of the fleet that is running: makes a link that lets one person in, once')
    .action((options: OpenOptions) =>
      openPage(terminal, options, { opens: 'fleet', start: 'contact-sync fleet serve' }),
    );

  withFleet(fleet.command('export'))
    .argument('<book>', 'the book')
    .requiredOption('--out <file>', 'the file to make; it is for your user alone')
    .option('--with-key', 'with what opens its secrets, and those of no other book')
    .description('write everything of a book to a file, to be kept or moved')
    .action(async (book: string, options: FleetOptions & { readonly out: string; readonly withKey?: boolean }) => {
      const path = resolve(terminal.cwd, options.out);
      const lines = await asked(terminal, options, (opened) =>
        writeLines(path, opened.exportBook(book, { withKey: options.withKey ?? false })),
      );
      terminal.out(options.json ? json({ book, lines }) : `Exported ${book}: ${lines} lines in ${options.out}.\n`);
    });

  withFleet(fleet.command('import'))
    .argument('<file>', 'what export made')
    .option('--as <book>', 'under this name; its own unless said')
    .description('make a book of what was exported')
    .action(async (file: string, options: FleetOptions & { readonly as?: string }) => {
      const done = await asked(terminal, options, (opened) =>
        opened.importBook(linesOf(resolve(terminal.cwd, file), file), options.as ?? null),
      );
      terminal.out(options.json ? json(done) : `Imported ${done.book}: ${done.rows} rows.\n`);
    });

  withFleet(fleet.command('erase'))
    .argument('<book>', 'the book')
    .requiredOption('--yes', 'nothing of it can be had back')
    .description('remove a book whole: contacts, history, connections and secrets')
    .action(async (book: string, options: FleetOptions) => {
      const done = await asked(terminal, options, (opened) => opened.eraseBook(book));
      terminal.out(options.json ? json({ book, ...done }) : `Erased ${book}: ${done.rows} rows.\n`);
    });
}

function withFleet(command: Command): Command {
  return withOutput(command)
    .addOption(new Option('--store <store>', 'the database of the fleet: postgres://…').env('CONTACT_SYNC_STORE'))
    .option('--config <file>', 'the configuration; contact-sync.config.ts of this folder or one above it unless said');
}

function withSelection(command: Command): Command {
  return command
    .argument('[book]', 'the connections of this book; of every book unless said')
    .option('--source <name>', 'of this source, or those that begin so: xpm:')
    .option('--code <code>', 'those that this error or guard stopped');
}

function selectionOf(book: string | undefined, { source, code }: SelectOptions): Selection {
  return { book: book ?? null, source: source ?? null, code: code ?? null };
}

async function asked<T>(terminal: Terminal, options: FleetOptions, work: (fleet: Fleet) => Promise<T>): Promise<T> {
  const { fleetUrl, loadFleet } = await import('../fleet/load-fleet.js');
  const url = fleetUrl(options.store);
  const { openFleet } = await loadFleet(terminal.cwd);
  const { env, cwd, signal, user: actor } = terminal;
  const fleet = await openFleet({ url, env, cwd, signal, actor });
  try {
    return await work(fleet);
  } finally {
    await fleet.close();
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Gives how many there were. Where they end early, there is no file. */
async function writeLines(path: string, lines: AsyncIterable<string>): Promise<number> {
  const file = await newFile(path, 'Name another file.');
  let n = 0;
  async function* counted() {
    for await (const line of lines) {
      n += 1;
      yield `${line}\n`;
    }
  }
  try {
    await pipeline(counted, file.createWriteStream());
    return n;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Begins to read when the first line is asked for: what a reader gives before is lost. */
async function* linesOf(path: string, named: string): AsyncGenerator<string> {
  const file = await open(path).catch((cause: unknown) => {
    throw new ContactSyncError('import_invalid', `${named} cannot be read.`, {
      hint: 'Check the path, and that you may read it.',
      cause,
    });
  });
  yield* file.readLines();
}
