import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Service } from './service.js';
import type { ConnectionStatus, Watcher } from './types.js';

export type Metrics = {
  readonly watcher: Watcher;
  /** In the text format of Prometheus, as it is now. */
  text(service: Pick<Service, 'status' | 'problems'>, now: number): Promise<string>;
  readonly contentType: string;
};

const each = ['book', 'source'] as const;
const seconds = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800];

/** What Prometheus can watch. Labels hold books, sources, reasons and codes, and never anything of a person. */
export function metrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Counter({ name: `contact_sync_${name}`, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Gauge({ name: `contact_sync_${name}`, help, labelNames, registers });

  const runs = counter('runs_total', 'Runs by outcome; code: of the error of a failed run', [
    ...each,
    'outcome',
    'code',
  ]);
  const duration = new Histogram({
    name: 'contact_sync_run_seconds',
    help: 'How long runs took',
    labelNames: each,
    buckets: seconds,
    registers,
  });
  const records = counter('records_total', 'Records and contacts that runs decided, by reason', [...each, 'reason']);
  const requests = counter('requests_total', 'HTTP requests that runs made', each);
  const alerts = counter('alerts_total', 'Alerts, by kind', [...each, 'kind']);
  const sendings = counter('alert_sendings_total', 'Tries to send an alert; ok: whether it was taken', ['sink', 'ok']);
  const left = gauge('rate_limit_left', 'Requests left of the limits of the system, when it last said so', [
    ...each,
    'window',
  ]);
  const tokenAge = gauge('token_age_seconds', 'Since the sign-in was last renewed', each);
  const sinceGood = gauge('last_good_run_age_seconds', 'Since the last good run began', each);
  const next = gauge('next_run_seconds', 'Until the next run; below 0: it is due', each);
  const running = gauge('running', '1 while a run is under way', each);
  const paused = gauge('paused', '1 while nothing is synced until a person resumes it', each);
  const open = gauge('incidents', '1 for each alert that is not over', [...each, 'kind']);
  const healthy = gauge('healthy', '1 while the service itself is well', []);
  const gauges = [left, tokenAge, sinceGood, next, running, paused, open, healthy];

  const watcher: Watcher = {
    ended(ended) {
      const { book, source, outcome } = ended;
      runs.inc({ book, source, outcome, code: ended.outcome === 'failed' ? ended.error.code : '' });
      duration.observe({ book, source }, ended.milliseconds / 1000);
      requests.inc({ book, source }, ended.requests);
      if (ended.outcome === 'failed') return;
      for (const [reason, n] of Object.entries(ended.plan.counts.reasons)) records.inc({ book, source, reason }, n);
    },
    alerted: ({ book, source, kind }) => alerts.inc({ book, source, kind }),
    sent: ({ sink, ok }) => sendings.inc({ sink, ok: String(ok) }),
  };

  function show(status: ConnectionStatus, now: number): void {
    const { book, source, requestsLeft, renewedAt, lastGoodAt, nextAt } = status;
    const labels = { book, source };
    const since = (time: string) => (now - Date.parse(time)) / 1000;
    for (const [window, n] of Object.entries(requestsLeft ?? {})) left.set({ ...labels, window }, n);
    if (renewedAt !== null) tokenAge.set(labels, since(renewedAt));
    if (lastGoodAt !== null) sinceGood.set(labels, since(lastGoodAt));
    if (nextAt !== null) next.set(labels, -since(nextAt));
    running.set(labels, status.running ? 1 : 0);
    paused.set(labels, nextAt === null && !status.running ? 1 : 0);
    for (const kind of Object.keys(status.incidents)) open.set({ ...labels, kind }, 1);
  }

  return {
    watcher,
    contentType: registry.contentType,
    async text(service, now) {
      // A connection that is gone must not go on to be shown.
      for (const one of gauges) one.reset();
      for (const status of service.status()) show(status, now);
      healthy.set(service.problems().length === 0 ? 1 : 0);
      return await registry.metrics();
    },
  };
}
