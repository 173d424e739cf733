import { ContactSyncError } from '@contact-sync/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SinkSettings } from '../alerts/sinks.js';
import { alertVariables, configOfBook } from '../config/config.js';
import { secret } from '../secrets/secret.js';
import type { BookToServe } from '../serve/types.js';
import { calledAs, type Terminal } from '../terminal.js';
import { type StoreOptions, wholeNumber, withStore } from './options.js';
import { proxySecretVariable, type WebFlags, webOf, withProxy } from './serve-web.js';

type Options = StoreOptions &
  WebFlags & {
    readonly listen: string;
    readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
    readonly logPersonalData?: boolean;
    readonly atOnce: number;
    readonly alertMail?: string;
    readonly alertRejected?: number;
    readonly keepDays: number;
  };

/** Addresses that may be written to by whoever knows them come from here, and not from arguments. */
const variables = { ...alertVariables, webhookKey: 'CONTACT_SYNC_ALERT_WEBHOOK_KEY' } as const;

export function serveCommand(program: Command, terminal: Terminal): void {
  const serve = withStore(program.command('serve'))
    .description('sync every stored connection on its schedule, until it is stopped')
    .option('--listen <address>', 'where the page, /healthz and /metrics are; none for nowhere', '127.0.0.1:8484')
    .option('--no-web', 'have no page, though its package is installed');
  withProxy(serve)
    .option('--at-once <n>', 'how many connections are synced at once', wholeNumber, 4)
    .option('--keep-days <n>', 'for how many days the history keeps what runs changed', wholeNumber, 90)
    .option('--alert-mail <addresses>', `send alerts by mail; the server is in ${variables.smtp}`)
    .option('--alert-rejected <percent>', 'alert when more than so many percent of the records are rejected', percent)
    .addOption(
      new Option('--log-level <level>', 'what is logged').choices(['error', 'warn', 'info', 'debug']).default('info'),
    )
    .option('--log-personal-data', 'with --log-level debug: whom runs change is logged too')
    .addHelpText(
      'after',
      `
Alerts also go to the addresses in ${variables.webhook} and ${variables.slack}.
The secret that the proxy sends is in ${proxySecretVariable}.
`,
    )
    .action(async (options: Options, command: Command) => {
      if (options.logPersonalData && options.logLevel !== 'debug') {
        throw new ContactSyncError('usage', '--log-personal-data goes with --log-level debug.', {
          hint: 'Add --log-level debug, or leave it out.',
        });
      }
      if (options.store === undefined) {
        throw new ContactSyncError('setting_missing', 'No store was named.', {
          hint: 'Name it with --store or CONTACT_SYNC_STORE: sqlite:contacts.db',
        });
      }
      const web = webOf(options, options.configured?.config, terminal.env);
      const [{ serve }, { parseListen }] = await Promise.all([import('../serve/serve.js'), import('../serve/http.js')]);
      await serve({
        books: booksOf(options, options.store, (name) => command.getOptionValueSource(name)),
        actor: terminal.user,
        env: terminal.env,
        cwd: terminal.cwd,
        signal: terminal.signal,
        listen: options.listen === 'none' ? null : parseListen(options.listen),
        atOnce: options.atOnce,
        alertsTo: sinksOf(options, terminal.env),
        ...(options.alertRejected === undefined ? {} : { alerts: { rejectedShare: options.alertRejected } }),
        logLevel: options.logLevel,
        logPersonalData: options.logPersonalData ?? false,
        write: terminal.err,
        web:
          web === false
            ? null
            : {
                proxy: web,
                command: `${calledAs(terminal)} open`,
                // A link opens the page, so it is for the eyes of a person and not for a log.
                show: terminal.isInteractive ? terminal.out : null,
              },
      });
    });
}

/** The book that was named; where none was, those of the configuration. */
function booksOf(
  { book, configured, keepDays }: Options,
  store: string,
  from: (option: 'book' | 'keepDays') => string | undefined,
): BookToServe[] {
  if (configured === undefined) return [{ store, book, keepDays }];
  const { config } = configured;
  const named = from('book') === 'cli' || from('book') === 'env';
  const books = named ? [book] : [...new Set([book, ...Object.keys(config.books ?? {})])];
  return books.map((name) => {
    const its = configOfBook(config, name);
    return { store, book: name, ...its, keepDays: from('keepDays') === 'cli' ? keepDays : (its.keepDays ?? keepDays) };
  });
}

export function sinksOf({ alertMail }: Pick<Options, 'alertMail'>, env: Terminal['env']): SinkSettings[] {
  const sinks: SinkSettings[] = [];
  const given = (name: string) => env[name] || undefined;
  if (alertMail !== undefined) {
    const smtp = given(variables.smtp);
    if (smtp === undefined) {
      throw new ContactSyncError('setting_missing', `${variables.smtp} is not set, so no mail can be sent.`, {
        hint: `Put the server there: ${variables.smtp}=smtps://user:password@mail.example.com`,
      });
    }
    const from = given(variables.from) ?? alertMail.split(',')[0]?.trim() ?? alertMail;
    sinks.push({ kind: 'email', smtp: secret(smtp), from, to: alertMail });
  }
  const webhook = given(variables.webhook);
  const key = given(variables.webhookKey);
  if (webhook !== undefined) {
    sinks.push({ kind: 'webhook', url: secret(webhook), ...(key === undefined ? {} : { key: secret(key) }) });
  }
  const slack = given(variables.slack);
  if (slack !== undefined) sinks.push({ kind: 'slack', url: secret(slack) });
  return sinks;
}

function percent(text: string): number {
  const n = Number(text);
  if (text.trim() === '' || !(n >= 0 && n <= 100)) throw new InvalidArgumentError('It is a number from 0 to 100.');
  return n / 100;
}
