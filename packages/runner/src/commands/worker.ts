import { type Command, Option } from 'commander';
import { configOfBook } from '../config/config.js';
import type { Terminal } from '../terminal.js';
import { type StoreOptions, wholeNumber, withStore } from './options.js';
import { sinksOf } from './serve.js';

type Options = StoreOptions & {
  readonly atOnce: number;
  readonly listen: string;
  readonly alertMail?: string;
  readonly alertRejected?: number;
  readonly keepDays: number;
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
};

export function workerCommand(program: Command, terminal: Terminal): void {
  withStore(program.command('worker'))
    .description('sync the connections of all books of a PostgreSQL store, beside other workers, until it is stopped')
    .option('--at-once <n>', 'how many connections this worker syncs at once', wholeNumber, 8)
    .option('--listen <address>', 'where /healthz and /metrics are; none for nowhere', 'none')
    .option('--keep-days <n>', 'for how many days the history keeps what runs changed', wholeNumber, 90)
    .option('--alert-mail <addresses>', 'send alerts by mail; the server is in CONTACT_SYNC_SMTP')
    .addOption(
      new Option('--log-level <level>', 'what is logged').choices(['error', 'warn', 'info', 'debug']).default('info'),
    )
    .addHelpText(
      'after',
      '\nStart it as often as needed, on as many machines as needed; each needs the key. docs/scale.md says how many.\n',
    )
    .action(async (options: Options) => {
      const [{ fleetUrl, loadFleet }, { parseListen }] = await Promise.all([
        import('../fleet/load-fleet.js'),
        import('../serve/http.js'),
      ]);
      const url = fleetUrl(options.store);
      const { startWorker } = await loadFleet(terminal.cwd);
      const config = options.configured?.config;
      await startWorker({
        url,
        actor: terminal.user,
        env: terminal.env,
        cwd: terminal.cwd,
        signal: terminal.signal,
        atOnce: options.atOnce,
        listen: options.listen === 'none' ? null : parseListen(options.listen),
        settingsOf: (book) => ({
          keepDays: options.keepDays,
          ...(config === undefined ? {} : configOfBook(config, book)),
        }),
        alertsTo: sinksOf(options, terminal.env),
        ...(options.alertRejected === undefined ? {} : { alerts: { rejectedShare: options.alertRejected } }),
        logLevel: options.logLevel,
        write: terminal.err,
      });
    });
}
