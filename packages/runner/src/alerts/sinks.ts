import { createHmac } from 'node:crypto';
import { ContactSyncError } from '@contact-sync/core';
import type { Secret } from '../secrets/secret.js';
import type { Alert } from './alerts.js';
import type { AlertText } from './texts.js';

/** What people are told of a fleet as a whole, and not of each connection. */
export type FleetAlert = { readonly at: string } & (
  | { readonly kind: 'behind'; readonly connections: number; readonly seconds: number }
  | { readonly kind: 'many_failing'; readonly connections: number; readonly code: string }
  | { readonly kind: 'fleet_recovered'; readonly from: string; readonly since: string }
);

/** An alert on its way. `id` is the same at each try, so that whoever gets it twice can tell. */
export type AlertMessage = AlertText & {
  readonly id: string;
  readonly book: string;
  readonly source: string;
  readonly alert: Alert | FleetAlert;
};

/** Where alerts go. `name` tells it from the others, from one start of the service to the next. */
export type Sink = {
  readonly name: string;
  /** Rejects where it was not taken. */
  readonly send: (message: AlertMessage, signal: AbortSignal) => Promise<void>;
};

/** How alerts are sent, as a configuration says it. Addresses are secret where who knows them may write to them. */
export type SinkSettings =
  /** `smtp`: `smtps://user:password@mail.example.com`, or `smtp://…` (port 587; with a password only with STARTTLS). `to`: addresses with commas between. */
  | { readonly kind: 'email'; readonly smtp: Secret; readonly from: string; readonly to: string }
  /** `key`: signs the body, so that the receiver knows who sent it. */
  | { readonly kind: 'webhook'; readonly url: Secret; readonly key?: Secret | undefined }
  | { readonly kind: 'slack'; readonly url: Secret };

const patienceMs = 15_000;

/** @throws ContactSyncError `setting_invalid`; addresses are not shown in it */
export function sinkOf(settings: SinkSettings, now: () => number = Date.now): Sink {
  switch (settings.kind) {
    case 'email':
      return emailSink(settings);
    case 'webhook':
      return {
        name: 'webhook',
        send: poster(settings.url, 'webhook', (message) => {
          const body = JSON.stringify(message);
          return { body, headers: settings.key === undefined ? {} : signed(body, settings.key, now()) };
        }),
      };
    case 'slack':
      return {
        name: 'slack',
        send: poster(settings.url, 'slack', ({ subject, what, todo }) => ({
          body: JSON.stringify({ text: `*${escaped(subject)}*\n${escaped(what)}\n${escaped(todo)}` }),
          headers: {},
        })),
      };
  }
}

type Email = Extract<SinkSettings, { kind: 'email' }>;

function emailSink({ smtp, from, to }: Email): Sink {
  checkUrl(smtp, ['smtp:', 'smtps:'], 'the mail server', 'smtps://user:password@mail.example.com');
  for (const address of [from, to])
    if (!address.includes('@')) throw invalid('an address of mail has no @ in it', 'ops@example.com');
  return {
    name: 'email',
    async send({ id, subject, what, todo }, signal) {
      const { createTransport } = await import('nodemailer');
      const limits = { connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs };
      const transport = createTransport({ url: smtp.reveal(), ...(needsTls(smtp) && { requireTLS: true }), ...limits });
      const stop = () => transport.close();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await transport.sendMail({
          from,
          to,
          subject: `[contact-sync] ${subject}`,
          text: `${what}\n\nWhat to do now:\n${todo}\n`,
          messageId: `<${id}@contact-sync.invalid>`,
          // Nobody's holiday reply is wanted.
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      } finally {
        signal.removeEventListener('abort', stop);
        transport.close();
      }
    },
  };
}

/** A password goes to no other machine in the clear, even where the server, or somebody before it, offers no TLS. */
function needsTls(smtp: Secret): boolean {
  const url = URL.parse(smtp.reveal());
  if (url === null || url.protocol !== 'smtp:' || url.password === '') return false;
  return !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(url.hostname);
}

type Post = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

function poster(url: Secret, what: string, postOf: (message: AlertMessage) => Post): Sink['send'] {
  checkUrl(url, ['http:', 'https:'], `the ${what}`, 'https://example.com/hook');
  return async (message, signal) => {
    const { body, headers } = postOf(message);
    const answer = await fetch(url.reveal(), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'contact-sync', ...headers },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`It answered ${answer.status}.`);
  };
}

/** `t`: seconds since 1970, so that an old message cannot be sent anew; `v1`: HMAC-SHA-256 of `t.body`, in hex. */
function signed(body: string, key: Secret, now: number): Record<string, string> {
  const t = Math.floor(now / 1000);
  const v1 = createHmac('sha256', key.reveal()).update(`${t}.${body}`).digest('hex');
  return { 'contact-sync-signature': `t=${t},v1=${v1}` };
}

/** https://api.slack.com/reference/surfaces/formatting#escaping */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function checkUrl(url: Secret, protocols: readonly string[], what: string, example: string): void {
  const protocol = URL.parse(url.reveal())?.protocol;
  if (protocol !== undefined && protocols.includes(protocol)) return;
  throw invalid(`the address of ${what} is not one`, example);
}

function invalid(problem: string, example: string): ContactSyncError {
  return new ContactSyncError('setting_invalid', `Alerts cannot be sent: ${problem}.`, { hint: `As in ${example}.` });
}
