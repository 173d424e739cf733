import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebProxy } from '@contact-sync/runner';
import { onTestFinished } from 'vitest';

const secret = 'a-secret-of-32-characters-or-more';

/** As the reverse proxy of a firm sends somebody on whom it has signed in. */
export const sent = (user: string, group: string) => ({
  'x-contact-sync-proxy-secret': secret,
  'x-forwarded-email': user,
  'x-forwarded-groups': group,
});

export type Proxy = { readonly url: string; readonly settings: WebProxy; leadTo(url: string): void };

/**
 * A reverse proxy on this machine. Who has signed in is what `cookie` says, `user|group`: it has no sign-in of its own.
 * What a browser sends under the names of its headers it replaces.
 */
export async function startProxy(): Promise<Proxy> {
  let service = '';
  const server = createServer((incoming, outgoing) => {
    const [user = '', group = ''] = (incoming.headers.cookie ?? '').replace('who=', '').split('|');
    const headers = { ...incoming.headers, ...sent(decodeURIComponent(user), decodeURIComponent(group)) };
    const asked = request(service + incoming.url, { method: incoming.method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    outgoing.on('close', () => asked.destroy());
    asked.on('error', () => outgoing.destroy());
    incoming.pipe(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    settings: {
      ...{ url, secret, addresses: [], userHeader: 'x-forwarded-email', roleHeader: 'x-forwarded-groups' },
      ...{ administrators: ['contact-sync-administrators'], viewers: ['contact-sync-viewers'] },
    },
    leadTo(to) {
      service = to;
    },
  };
}
