import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { faults } from '@contact-sync/connector-bgl/mock';
import { faults as xpmFaults } from '@contact-sync/connector-xpm/mock';
import { afterEach, expect, test } from 'vitest';
import { serving } from '../../test/serving.js';
import { type Listening, listen, parseListen } from './http.js';
import { metrics } from './metrics.js';

const start = Date.parse('2026-03-02T00:00:00Z');
const hour = 3_600_000;
let listening: Listening | null = null;
afterEach(async () => {
  await listening?.close();
  listening = null;
});

/** The values of the text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
function parsed(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, labels = '', value] = /^([a-z_]+)(?:\{(.*)\})? (-?[\d.]+(?:e[+-]\d+)?)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`This is no line of metrics: ${line}`);
    const short = labels.replace(/book="default",?/, '').replaceAll('"', '');
    values.set(`${name.replace('contact_sync_', '')}{${short}}`, Number(value));
  }
  return values;
}

test('health and metrics of a morning, as somebody asks for them', async () => {
  const measured = metrics();
  const served = await serving(start, { watchers: [measured.watcher] });
  const { systems, clock } = served;
  await served.connect('xpm');
  await served.connect('bgl');
  clock.plan(start + hour, () => systems.bgl.fault(faults.reset(), Number.POSITIVE_INFINITY));
  clock.plan(start + 2 * hour, () => systems.xpm.fault(xpmFaults.limited('day', 7200)));
  const service = served.begin();
  listening = await listen({ host: '127.0.0.1', port: 0 }, service, measured, clock.now);
  const { url } = listening;
  const healthy = await fetch(`${url}/healthz`);
  expect([healthy.status, await healthy.json()]).toEqual([200, { ok: true, problems: [] }]);

  // xpm at 00:00 and at 59:58 of each hour, bgl at 00:00 and at 32:11 of each hour.
  await served.until(start + 4 * hour);
  const answer = await fetch(`${url}/metrics`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=/);
  const shown = await answer.text();
  const values = parsed(shown);
  const [xpm, bgl] = [`source=${served.sources.xpm}`, `source=${served.sources.bgl}`];
  const expected: Record<string, number> = {
    [`runs_total{${xpm},outcome=applied,code=}`]: 1,
    [`runs_total{${xpm},outcome=unchanged,code=}`]: 2,
    [`runs_total{${xpm},outcome=failed,code=source_rate_limited}`]: 1,
    [`runs_total{${bgl},outcome=applied,code=}`]: 1,
    [`runs_total{${bgl},outcome=unchanged,code=}`]: 1,
    [`runs_total{${bgl},outcome=failed,code=source_unreachable}`]: 3,
    [`run_seconds_count{${xpm}}`]: 4,
    [`run_seconds_count{${bgl}}`]: 5,
    [`records_total{${xpm},reason=created}`]: 20,
    [`records_total{${xpm},reason=unchanged}`]: 40,
    [`alerts_total{${bgl},kind=failing}`]: 1,
    [`incidents{${bgl},kind=failing}`]: 1,
    // The last good runs: at 01:59:58 and at 00:32:11.
    [`last_good_run_age_seconds{${xpm}}`]: 2 * 3600 + 2,
    [`last_good_run_age_seconds{${bgl}}`]: 3 * 3600 + 27 * 60 + 49,
    // The limit of xpm ends at 04:59:58, two hours after the run at 02:59:58 met it.
    [`next_run_seconds{${xpm}}`]: 59 * 60 + 58,
    [`next_run_seconds{${bgl}}`]: 32 * 60 + 11,
    // Renewed by the run at 02:59:58, whose token had ended.
    [`token_age_seconds{${xpm}}`]: 3600 + 2,
    [`rate_limit_left{${xpm},window=minute}`]: 59,
    [`running{${xpm}}`]: 0,
    [`paused{${bgl}}`]: 0,
    'healthy{}': 1,
  };
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, values.get(name)]))).toEqual(expected);
  // Nobody's data: the names, addresses and ids of the records.
  expect(shown).not.toMatch(/Person|@|client-of/);
  await served.end();
});

test('a service that is not well says why', async () => {
  const problems = ['The store of default does not answer: store_busy.'];
  listening = await listen(
    { host: '127.0.0.1', port: 0 },
    { status: () => [], problems: () => problems },
    metrics(),
    () => 0,
  );
  const answer = await fetch(`${listening.url}/healthz`);
  expect([answer.status, await answer.json()]).toEqual([503, { ok: false, problems }]);
  expect(parsed(await (await fetch(`${listening.url}/metrics`)).text()).get('healthy{}')).toBe(0);
});

test('nothing else is answered, and nothing is taken', async () => {
  const shown = { status: () => [], problems: () => [] };
  listening = await listen({ host: '127.0.0.1', port: 0 }, shown, metrics(), () => 0);
  const { url } = listening;
  const status = async (path: string, init: RequestInit = {}) => (await fetch(url + path, init)).status;
  for (const path of ['/', '/metrics/', '/healthz/x', '/favicon.ico', '/..%2fmetrics'])
    expect(await status(path)).toBe(404);
  expect(await status('/healthz?x=1')).toBe(200);
  expect(await status('/healthz', { method: 'HEAD' })).toBe(200);
  for (const method of ['POST', 'PUT', 'DELETE']) expect(await status('/metrics', { method, body: 'x' })).toBe(405);
  // Somebody who keeps a connection open holds up no end.
  const idle = request(`${url}/healthz`, { method: 'POST', headers: { 'content-length': '10' } });
  const gone = new Promise((resolve) => idle.on('error', resolve).on('close', resolve));
  idle.flushHeaders();
  await listening.close();
  await gone;
});

test('a page beside them gets everything else, with what is sent', async () => {
  const shown = { status: () => [], problems: () => [] };
  const others: Parameters<typeof listen>[4] = (asked, response) => {
    void text(asked).then((body) => response.end(`${asked.method} ${asked.url} ${body}`));
  };
  listening = await listen({ host: '127.0.0.1', port: 0 }, shown, metrics(), () => 0, others);
  const { url } = listening;
  const said = await (await fetch(`${url}/api?x=1`, { method: 'POST', body: 'sent' })).text();
  expect(said).toBe('POST /api?x=1 sent');
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true, problems: [] });
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
});

test('a port that is taken is said', async () => {
  const shown = { status: () => [], problems: () => [] };
  listening = await listen({ host: '127.0.0.1', port: 0 }, shown, metrics(), () => 0);
  const port = Number(new URL(listening.url).port);
  await expect(listen({ host: '127.0.0.1', port }, shown, metrics(), () => 0)).rejects.toMatchObject({
    code: 'setting_invalid',
    message: `Nothing can listen on 127.0.0.1:${port} (EADDRINUSE).`,
  });
});

test.each([
  ['127.0.0.1:8484', '127.0.0.1', 8484],
  ['[::1]:0', '::1', 0],
  ['localhost:80', 'localhost', 80],
])('%s', (text, host, port) => {
  expect(parseListen(text)).toEqual({ host, port });
});

test.each(['', '8484', ':8484', '127.0.0.1', '127.0.0.1:70000', 'http://127.0.0.1:1', '::1:80'])(
  '%j is no address',
  (text) => {
    expect(() => parseListen(text)).toThrow('is no address to listen on');
  },
);
