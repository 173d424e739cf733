import { createHmac } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { ContactSyncError } from '@contact-sync/core';
import type { Role } from '../api/schemas.js';
import { newToken, type Session, same } from './sessions.js';

/** A reverse proxy that signs people in, and says in headers who they are. */
export type ProxySettings = {
  /** What it sends as `x-contact-sync-proxy-secret`; null: it is known by its address alone. */
  readonly secret: string | null;
  /** Addresses and networks it comes from: `10.0.0.5`, `10.0.0.0/24`. */
  readonly addresses: readonly string[];
  readonly userHeader: string;
  /** Holds roles or groups, with commas between them. */
  readonly roleHeader: string;
  /** Which of them are which role; `*` is everybody whom the proxy lets in. */
  readonly administrators: readonly string[];
  readonly viewers: readonly string[];
};

const proxySecretHeader = 'x-contact-sync-proxy-secret';

type Come = { readonly header: (name: string) => string | undefined; readonly address: string | undefined };

/**
 * Who a request is from. Null: it is not from the proxy, or the proxy does not say who it is; nobody is told which.
 *
 * @throws ContactSyncError `setting_invalid`, when it is made, for settings by which anybody would be trusted
 */
export function proxyIdentity(settings: ProxySettings): (come: Come) => Session | null {
  const { secret, addresses, userHeader, roleHeader } = settings;
  if (secret !== null && secret.length < 16) {
    throw invalid('The secret of the proxy is too short.', 'Make one with: openssl rand -hex 32');
  }
  if (secret === null && addresses.length === 0) {
    throw invalid(
      'Nothing tells the proxy from anybody else.',
      'Set CONTACT_SYNC_PROXY_SECRET in the environment of both, or name the address of the proxy with --trusted-proxy.',
    );
  }
  const known = blockListOf(addresses);
  // Tokens of before a restart are stale, and so are those of another person.
  const key = newToken();
  const never = new AbortController().signal;

  return ({ header, address }) => {
    if (secret !== null && !same(header(proxySecretHeader) ?? '', secret)) return null;
    if (addresses.length > 0 && !isKnown(known, address)) return null;
    const user = header(userHeader)?.trim() ?? '';
    if (!isName(user)) return null;
    const role = roleOf(header(roleHeader) ?? '', settings);
    if (role === null) return null;
    const csrfToken = createHmac('sha256', key).update(`${role} ${user}`).digest('base64url');
    return { user, role, by: 'proxy', csrfToken, ended: never, endsAt: null };
  };
}

/** The highest role that any of a person's groups has. */
function roleOf(groups: string, { administrators, viewers }: ProxySettings): Role | null {
  const its = groups.split(',').map((group) => group.trim());
  const has = (listed: readonly string[]) =>
    listed.includes('*') || its.some((one) => one !== '' && listed.includes(one));
  if (has(administrators)) return 'administrator';
  return has(viewers) ? 'viewer' : null;
}

/** It goes into the history: no control characters, and not without end. */
function isName(text: string): boolean {
  return text !== '' && text.length <= 200 && !/\p{C}/u.test(text);
}

function isKnown(known: BlockList, address: string | undefined): boolean {
  if (address === undefined) return false;
  // One of IPv4 that comes by a socket of IPv6.
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const family = isIP(plain);
  return family !== 0 && known.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

function blockListOf(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of addresses) {
    const [, address = '', bits] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text.trim()) ?? [];
    const family = isIP(address);
    const longest = family === 6 ? 128 : 32;
    // Of a network of no bits everybody is a part.
    if (family === 0 || (bits !== undefined && (Number(bits) > longest || Number(bits) === 0))) {
      throw invalid(`"${text.slice(0, 80)}" is no address of a proxy.`, 'Write it as 10.0.0.5 or 10.0.0.0/24.');
    }
    if (bits === undefined) list.addAddress(address, family === 6 ? 'ipv6' : 'ipv4');
    else list.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

function invalid(message: string, hint: string): ContactSyncError {
  return new ContactSyncError('setting_invalid', message, { hint });
}
