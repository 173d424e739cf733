import { readFileSync } from 'node:fs';
import { cpuOf, cpuOfServer } from './cpu.js';

/** What has been used up to a moment. CPU in seconds. */
export type Reading = {
  readonly at: number;
  readonly workers: number;
  readonly server: number;
  /** Of the campaign itself, which is what answers for the practices. */
  readonly practices: number;
  readonly commits: number;
  readonly walBytes: number;
  readonly requests: number;
};

type Query = <T extends object>(sql: string) => Promise<T[]>;

export type Gone = { workers: number; server: number };

/** What has been used so far; `gone`: by processes that have ended. */
export async function readingNow(
  query: Query,
  from: { readonly url: string; readonly pids: readonly number[]; readonly gone: Gone; readonly requests: number },
): Promise<Reading> {
  const [row] = await query<{ commits: string; wal: string }>(
    `SELECT (SELECT sum(xact_commit) FROM pg_stat_database) AS commits, pg_current_wal_lsn() - '0/0' AS wal`,
  );
  const { user, system } = process.cpuUsage();
  return {
    at: Date.now(),
    workers: from.gone.workers + from.pids.reduce((sum, pid) => sum + cpuOf(pid), 0),
    server: from.gone.server + cpuOfServer(from.url),
    practices: (user + system) / 1e6,
    commits: Number(row?.commits),
    walBytes: Number(row?.wal),
    requests: from.requests,
  };
}

/** What a sync cost between two readings. */
export function costBetween(from: Reading, to: Reading) {
  const syncs = to.requests - from.requests;
  const seconds = (to.at - from.at) / 1000;
  // A server that crashed counts anew.
  const commits = to.commits < from.commits ? Number.NaN : to.commits - from.commits;
  const each = (a: number, b: number) => round((b - a) / Math.max(1, syncs));
  return {
    seconds: round(seconds),
    syncs,
    perSecond: round(syncs / seconds),
    workerMs: round(each(from.workers * 1000, to.workers * 1000)),
    serverMs: round(each(from.server * 1000, to.server * 1000)),
    practicesMs: round(each(from.practices * 1000, to.practices * 1000)),
    transactions: each(0, commits),
    transactionsPerSecond: round(commits / seconds),
    walBytes: Math.round(each(from.walBytes, to.walBytes)),
    /** Of all cores together, by workers, PostgreSQL and practices. */
    cores: round((to.workers - from.workers + to.server - from.server + to.practices - from.practices) / seconds),
  };
}

export type Cost = ReturnType<typeof costBetween>;

/** Megabytes of memory of a process; 0 where it is gone. */
export function memoryOf(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}

export function round(n: number): number {
  return Number.isFinite(n) ? Math.round(n * 100) / 100 : n;
}
