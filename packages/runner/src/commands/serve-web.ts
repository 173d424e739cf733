import { ContactSyncError } from '@contact-sync/core';
import type { Command } from 'commander';
import type { Config, ProxyConfig } from '../config/config.js';
import type { WebProxy } from '../serve/web.js';
import type { Terminal } from '../terminal.js';

/** The secret that only the proxy and the service know. */
export const proxySecretVariable = 'CONTACT_SYNC_PROXY_SECRET';

export type WebFlags = {
  /** False with `--no-web`. */
  readonly web: boolean;
  readonly behindProxy?: string;
  readonly trustedProxy?: readonly string[];
};

const webDocs = 'docs/web.md';

/** Who signs people in to a page, where it is not for this machine alone. */
export function withProxy(command: Command): Command {
  return command
    .option('--behind-proxy <url>', `where people see the page, behind a proxy that signs them in; see ${webDocs}`)
    .option(
      '--trusted-proxy <address>',
      'where that proxy comes from, as 10.0.0.5 or 10.0.0.0/24; may be repeated',
      one,
    );
}

function one(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}

/** Whether there is a page, and who signs people in to it. What the command says goes before the configuration. */
export function webOf(flags: WebFlags, config: Config | undefined, env: Terminal['env']): false | WebProxy | null {
  const configured = config?.web;
  if (!flags.web && flags.behindProxy !== undefined) {
    throw usage('--behind-proxy and --no-web contradict each other.', 'Leave one of them out.');
  }
  if (!flags.web || (configured?.enabled === false && flags.behindProxy === undefined)) return false;
  const its = configured?.behindProxy;
  const url = flags.behindProxy ?? its?.url;
  if (url === undefined) {
    if (flags.trustedProxy === undefined) return null;
    throw usage(
      '--trusted-proxy goes with --behind-proxy.',
      'Say where people see the page: --behind-proxy https://contacts.firm.example',
    );
  }
  return proxyOf(url, { ...its, ...(flags.trustedProxy && { addresses: flags.trustedProxy }) }, env);
}

function proxyOf(url: string, its: Partial<ProxyConfig>, env: Terminal['env']): WebProxy {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.origin !== url.replace(/\/$/, '')) {
    throw new ContactSyncError('setting_invalid', `"${url.slice(0, 80)}" is no address of a page.`, {
      hint: 'Write where people see it, without a path: https://contacts.firm.example',
    });
  }
  return {
    url: parsed.origin,
    secret: env[proxySecretVariable] || null,
    addresses: its.addresses ?? [],
    userHeader: its.userHeader ?? 'x-forwarded-email',
    roleHeader: its.roleHeader ?? 'x-forwarded-groups',
    administrators: its.administrators ?? ['contact-sync-administrators'],
    viewers: its.viewers ?? ['contact-sync-viewers'],
  };
}

function usage(message: string, hint: string): ContactSyncError {
  return new ContactSyncError('usage', message, { hint });
}
