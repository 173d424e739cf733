import { ContactSyncError } from '@contact-sync/core';
import type { Command } from 'commander';
import { withSecrets } from '../connections/vaults.js';
import { parseListen } from '../serve/http.js';
import { makePageLink } from '../serve/page-links.js';
import type { Terminal } from '../terminal.js';
import { type StoreOptions, withStore } from './options.js';

export type OpenOptions = Pick<StoreOptions, 'store' | 'json' | 'configured'> & {
  readonly book?: string;
  readonly listen: string;
  readonly viewer?: boolean;
  readonly browser: boolean;
};

/** How long to wait for the service to say that it is there, in milliseconds. */
const patienceMs = 2000;

export function openCommand(program: Command, terminal: Terminal): void {
  withOpening(withStore(program.command('open')), '127.0.0.1:8484')
    .description('open the page of the service that is running: makes a link that lets one person in, once')
    .action((options: OpenOptions) => openPage(terminal, options, { opens: 'page', start: 'contact-sync serve' }));
}

export function withOpening(command: Command, address: string): Command {
  return command
    .option('--listen <address>', 'where the service listens', address)
    .option('--viewer', 'a link for somebody who may look and change nothing')
    .option('--no-browser', 'do not open a browser, only say the link');
}

/** `start`: what a person types where nothing answers. */
type Page = { readonly opens: 'page' | 'fleet'; readonly start: string };

export async function openPage(terminal: Terminal, options: OpenOptions, { opens, start }: Page): Promise<void> {
  const proxied = options.configured?.config.web?.behindProxy?.url;
  if (proxied !== undefined) {
    throw new ContactSyncError('usage', 'The page is behind a proxy that signs people in: links let nobody in.', {
      hint: `Open it there: ${proxied}`,
    });
  }
  const { host, port } = parseListen(options.listen);
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const role = options.viewer ? 'viewer' : 'administrator';
  const place = { address: options.store, book: options.book ?? 'default', cwd: terminal.cwd };
  const path = await withSecrets(terminal, place, 'write', ({ sealed }) =>
    makePageLink(sealed, { user: terminal.user, role }, terminal.now().getTime(), opens),
  );
  const url = address + path;
  if (options.json) return terminal.out(`${JSON.stringify({ url, role }, null, 2)}\n`);
  terminal.out(`${url}\n`);
  terminal.err('It lets one person in, once, within 15 minutes.\n');
  if (!(await answers(address))) {
    return terminal.err(`Nothing answers at ${address} yet. Start it: ${start}\n`);
  }
  if (options.browser && terminal.isInteractive) await terminal.openBrowser(url);
}

async function answers(address: string): Promise<boolean> {
  try {
    await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(patienceMs), redirect: 'error' });
    return true;
  } catch {
    return false;
  }
}
