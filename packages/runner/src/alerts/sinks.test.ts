import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { secret } from '../secrets/secret.js';
import type { Alert } from './alerts.js';
import { type AlertMessage, sinkOf } from './sinks.js';
import { textOf } from './texts.js';

const about = { book: 'default', source: 'xpm:8c0e' };
const alert: Alert = { kind: 'failing', at: '2026-03-02T00:59:58.000Z', failures: 3, code: 'source_unavailable' };
const message: AlertMessage = {
  id: 'id-1',
  ...about,
  ...textOf(alert, { ...about, bookOption: 'default', connector: 'xpm' }),
  alert,
};
const { signal } = new AbortController();

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function portOf(server: Server | SMTPServer['server']): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

type Mail = { readonly from: string; readonly to: readonly string[]; readonly user: unknown; readonly text: string };

/** A mail server that takes what `user` sends with `word`. */
async function mailServer(refuses = false) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _, done) => {
      if (username === 'user' && password === 'word') done(null, { user: username });
      else done(new Error('No.'));
    },
    onData: (stream, session, done) => {
      void text(stream).then((body) => {
        if (refuses) return done(new Error('Mailbox full'));
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        mails.push({ from, to: rcptTo.map(({ address }) => address), user: session.user, text: body });
        done();
      });
    },
  });
  const port = await portOf(server.server);
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { mails, port };
}

async function hook(status = 200) {
  const got: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      got.push({ headers: request.headers, body });
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:9/' } : {}).end('said');
    });
  });
  const port = await portOf(server);
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { got, url: `http://127.0.0.1:${port}/hook` };
}

const email = (port: number, login = 'user:word@', host = '127.0.0.1') =>
  sinkOf({
    kind: 'email',
    smtp: secret(`smtp://${login}${host}:${port}`),
    from: 'Contact Sync <sync@firm.example>',
    to: 'ops@firm.example, boss@firm.example',
  });

test('a mail says what happened, to which connection, and what to do', async () => {
  const { mails, port } = await mailServer();
  await email(port).send(message, signal);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatchObject({
    from: 'sync@firm.example',
    to: ['ops@firm.example', 'boss@firm.example'],
    user: 'user',
  });
  const [head = '', body = ''] = (mails[0]?.text ?? '').split('\r\n\r\n');
  expect(head).toContain('Subject: [contact-sync] xpm:8c0e fails');
  expect(head).toContain('Message-ID: <id-1@contact-sync.invalid>');
  expect(head).toContain('Auto-Submitted: auto-generated');
  const read = `${body}${mails[0]?.text.slice(head.length + body.length + 4)}`.replaceAll('=\r\n', '');
  expect(read).toContain('3 syncs of xpm:8c0e (book default) failed in a row.');
  expect(read).toContain('(source_unavailable). The book is as it was.');
  expect(read).toContain('What to do now:\r\n');
});

test('a mail that was not taken is an error, and so is no server', async () => {
  const { port } = await mailServer(true);
  await expect(email(port).send(message, signal)).rejects.toThrow('Mailbox full');
  await expect(email(port, 'user:wrong@').send(message, signal)).rejects.toThrow();
  await expect(email(9).send(message, signal)).rejects.toThrow();
});

test('a password is not sent in the clear, but to this machine', async () => {
  const { mails, port } = await mailServer();
  // 0.0.0.0 leads here too, and is not known as this machine.
  await expect(email(port, 'user:word@', '0.0.0.0').send(message, signal)).rejects.toMatchObject({ code: 'ETLS' });
  expect(mails).toEqual([]);
  await email(port, 'user:word@', 'localhost').send(message, signal);
  expect(mails).toHaveLength(1);
});

test('a webhook gets the facts, signed so that only who has the key can', async () => {
  const { got, url } = await hook();
  const now = Date.parse('2026-03-02T01:00:00Z');
  await sinkOf({ kind: 'webhook', url: secret(url), key: secret('the key') }, () => now).send(message, signal);
  expect(got).toHaveLength(1);
  const { headers, body } = got[0] ?? { headers: {}, body: '' };
  expect(JSON.parse(body)).toEqual({
    id: 'id-1',
    book: 'default',
    source: 'xpm:8c0e',
    subject: 'xpm:8c0e fails',
    what: expect.stringContaining('3 syncs of xpm:8c0e'),
    todo: expect.any(String),
    alert,
  });
  expect(headers['content-type']).toBe('application/json');
  // 2026-03-02 01:00:00 UTC is 1772413200 seconds after 1970.
  const v1 = createHmac('sha256', 'the key').update(`1772413200.${body}`).digest('hex');
  expect(headers['contact-sync-signature']).toBe(`t=1772413200,v1=${v1}`);
});

test('without a key nothing is signed', async () => {
  const { got, url } = await hook();
  await sinkOf({ kind: 'webhook', url: secret(url) }).send(message, signal);
  expect(got[0]?.headers).not.toHaveProperty('contact-sync-signature');
});

test('Slack gets one text, in which nothing is a link or a call', async () => {
  const { got, url } = await hook();
  const sent = { ...message, subject: '<!channel> & co', what: 'a', todo: 'b' };
  await sinkOf({ kind: 'slack', url: secret(url) }).send(sent, signal);
  expect(JSON.parse(got[0]?.body ?? '')).toEqual({ text: '*&lt;!channel&gt; &amp; co*\na\nb' });
});

test.each([302, 400, 500])('an answer of %i is no', async (status) => {
  const { url } = await hook(status);
  await expect(sinkOf({ kind: 'slack', url: secret(url) }).send(message, signal)).rejects.toThrow();
});

test.each([
  () => sinkOf({ kind: 'webhook', url: secret('canary') }),
  () => sinkOf({ kind: 'slack', url: secret('ftp://canary.example') }),
  () => sinkOf({ kind: 'email', smtp: secret('https://canary'), from: 'a@b.example', to: 'a@b.example' }),
  () => sinkOf({ kind: 'email', smtp: secret('smtp://127.0.0.1'), from: 'a@b.example', to: 'canary' }),
])('an address that is none is refused, and not shown (%#)', (make) => {
  let error: unknown;
  try {
    make();
  } catch (cause) {
    error = cause;
  }
  expect(error).toMatchObject({ code: 'setting_invalid', message: expect.stringContaining('Alerts cannot be sent') });
  expect(String(error)).not.toContain('canary');
});
