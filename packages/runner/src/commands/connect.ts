import { isAbsolute, resolve } from 'node:path';
import { type ConnectionKind, connectionKinds } from '@contact-sync/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { connect } from '../connections/connect.js';
import type { Connected } from '../connections/store-checked.js';
import { withSecrets } from '../connections/vaults.js';
import { loadConnector } from '../connectors.js';
import { printable } from '../show/printable.js';
import { calledAs, type Terminal } from '../terminal.js';
import { placeOf, type StoreOptions, withSettings, withStore } from './options.js';

/** One that hardly any program uses: with most vendors it has to be registered. */
const redirectPort = 47_115;

type Options = StoreOptions & {
  readonly set?: Record<string, string>;
  readonly policy?: Record<string, string>;
  readonly kind?: ConnectionKind;
  readonly tenant?: readonly string[];
  readonly redirectPort: number;
  readonly redirectUri?: string;
  readonly browser: boolean;
  readonly signIn: boolean;
};

export function connectCommand(program: Command, terminal: Terminal): void {
  withSettings(withStore(program.command('connect')))
    .argument('<connector>', 'the connector: xpm, …')
    .description('store how to read a source, with its secrets encrypted, once it was seen that it can be read')
    .addOption(new Option('--kind <kind>', 'what its records become, at the first sync').choices(connectionKinds))
    .option('--tenant <id>', 'which tenant, where the sign-in opens several; give it as often as needed', several)
    .option('--redirect-port <n>', 'the port of this machine to which the browser is sent back', port, redirectPort)
    .option('--redirect-uri <address>', 'the address that is registered for it, where that is another one')
    .option('--no-browser', 'do not open a browser, only say the address')
    .option('--no-sign-in', 'store a ready token, although the id of an app is in the environment')
    .addHelpText(
      'after',
      `
Secrets are read from the environment variables that the connector's README names, or asked for at a terminal.
With the id of an app in the environment it signs in with a browser; the address to register with the vendor is
  http://localhost:${redirectPort}/callback
`,
    )
    .action(async (name: string, options: Options) => {
      const connector = await loadConnector(name, terminal.cwd);
      const connected = await withSecrets(terminal, placeOf(terminal, options), 'make', (secrets) =>
        connect(terminal, secrets, {
          name: name.startsWith('.') && !isAbsolute(name) ? resolve(terminal.cwd, name) : name,
          connector,
          book: options.book,
          settings: options.set ?? {},
          policy: options.policy ?? {},
          kind: options.kind ?? null,
          tenants: options.tenant ?? [],
          signIn: options.signIn,
          redirect: { port: options.redirectPort, uri: options.redirectUri, browser: options.browser },
          asks: terminal.isInteractive && !options.json,
        }),
      );
      if (options.json) terminal.out(`${JSON.stringify({ connected }, null, 2)}\n`);
      else terminal.out(connected.map((one) => connectedText(terminal, one)).join(''));
    });
}

function connectedText(terminal: Terminal, { source, title, replaced }: Connected): string {
  const what = printable(title === null ? source : `${source} (${title})`);
  const again = replaced ? ' Its settings, policy and schedule are as before, but for what you said.' : '';
  return `${terminal.style('bold', `Stored ${what}.`)} It can be read.${again}\nSee what a sync would do: ${calledAs(terminal)} plan --from ${printable(source)}\n`;
}

function several(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

function port(text: string): number {
  const n = Number(text);
  if (!/^\d{1,5}$/.test(text) || n > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return n;
}
