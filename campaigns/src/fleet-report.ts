import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Chaos, Load } from './fleet.js';
import type { Cost } from './fleet-measure.js';
import type { Settings } from './fleet-settings.js';

export type Report = {
  readonly settings: Settings;
  /** The first sync of each firm, which writes all of its contacts. */
  readonly first: Cost;
  /** All firms due at once, nothing changed. */
  readonly burst: Cost | null;
  readonly loads: readonly Load[];
  readonly chaos: Chaos | null;
  /** All firms due at once, each source changed. */
  readonly last: Cost;
  /** Of each worker at the end, in megabytes. */
  readonly memory: readonly number[];
  /** Of pg-boss's table of jobs, at the end. */
  readonly rows: number;
};

type Query = <T extends object>(sql: string) => Promise<T[]>;
/** What a statement cost in all, and in milliseconds each time to plan and to do. */
type Statement = Readonly<Record<'calls' | 'ms' | 'plan' | 'exec' | 'query', string>>;

export async function writeReport(report: Report, query: Query, say: (text: string) => void): Promise<void> {
  const [server] = await query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 1024 ** 3)} GB; Node ${process.versions.node}, PostgreSQL ${server?.version}`;
  const { statements, out } = report.settings;
  const top = statements === 1 ? await query<Statement>(statementsSql) : [];
  const text = [
    ...[`${new Date().toISOString()}  ${machine}`, '', ...tableOf(report)],
    ...top.map(
      ({ calls, ms, plan, exec, query: sql }) =>
        `${ms.padStart(8)} ms  ${calls.padStart(7)} × ${plan} + ${exec}  ${sql}`,
    ),
  ].join('\n');
  say(`\n${text}`);
  if (out === '') return;
  writeFileSync(`${out}.md`, `${text}\n`);
  writeFileSync(`${out}.json`, `${JSON.stringify({ at: new Date().toISOString(), machine, ...report }, null, 2)}\n`);
}

const statementsSql = `
  SELECT calls, round((total_exec_time + total_plan_time)::numeric)::text AS ms,
    round((total_plan_time/greatest(plans,1))::numeric,2)::text AS plan, round((total_exec_time/greatest(calls,1))::numeric,2)::text AS exec, left(regexp_replace(query, '\\s+', ' ', 'g'), 140) AS query
  FROM pg_stat_statements ORDER BY total_exec_time + total_plan_time DESC LIMIT 45`;

function tableOf({ settings, first, burst, loads, chaos, last, memory, rows }: Report): string[] {
  const { firms, contacts, workers, places } = settings;
  const loadName = ({ due, onTime, late, twice, carried }: Load) =>
    `${due} due a second${carried ? '' : ' (not carried)'}: ${share(onTime)} on time, 99 in 100 within ${late.p99} s; ${twice} twice`;
  return [
    `${firms} firms of ${contacts} contacts, ${workers} workers of ${places} places; each worker has ${memory.join(', ')} MB at the end, pg-boss ${rows} jobs`,
    '',
    '| | syncs a second | ms of workers a sync | of PostgreSQL | of practices | cores busy | transactions a sync | a second | WAL bytes a sync | connections |',
    '|---|---|---|---|---|---|---|---|---|---|',
    rowOf('first syncs', first),
    ...(burst === null ? [] : [rowOf('all at once', burst)]),
    ...loads.map((load) => rowOf(loadName(load), load, load.connections)),
    ...(chaos === null
      ? []
      : [
          rowOf(
            `${chaos.due} due a second, ${chaos.kills} workers killed, one frozen, PostgreSQL crashed ${chaos.crashes} times: ${share(chaos.onTime)} on time, on schedule again ${chaos.caughtUpAfter} s after the last`,
            chaos,
          ),
        ]),
    rowOf('all at once, all changed', last),
    '',
  ];
}

function rowOf(name: string, cost: Cost, connections: number | string = ''): string {
  const { perSecond, workerMs, serverMs, practicesMs, cores, transactions, transactionsPerSecond, walBytes } = cost;
  const cells = [perSecond, workerMs, serverMs, practicesMs, cores, transactions, transactionsPerSecond, walBytes];
  return `| ${[name, ...cells.map((n) => (Number.isNaN(n) ? '' : n)), connections].join(' | ')} |`;
}

function share(of: number): string {
  return `${Math.round(of * 1000) / 10} %`;
}
