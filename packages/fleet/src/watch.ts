import { randomUUID } from 'node:crypto';
import type { FleetAlert, ServeLog, Sink } from '@contact-sync/runner/engine';
import type { Pool } from 'pg';
import { behindSeconds, codesSql } from './metrics.js';
import { schemas } from './names.js';
import type { World } from './world.js';

export type Watching = {
  readonly world: Pick<World, 'pool'>;
  readonly log: ServeLog;
  readonly sinks: readonly Sink[];
  readonly now: () => number;
  readonly signal: AbortSignal;
};

const incidents = `${schemas.fleet}.incidents`;
const connections = `${schemas.fleet}.connections`;

/** So many connections that fail for one reason are one incident: one in a hundred, and five at least. */
const manySql = `greatest(5, (SELECT count(*) FROM ${connections} WHERE NOT paused) / 100)`;

/** What is the matter with the fleet as a whole is told once when it begins and once when it is over. One worker at a time does it. */
export async function watchFleet({ world: { pool }, log, sinks, now, signal }: Watching): Promise<void> {
  const found = await whatIsWrong(pool, new Date(now()).toISOString());
  const { rows } = await pool.query<{ name: string; since: Date }>(`SELECT name, since FROM ${incidents}`);
  const open = new Map(rows.map(({ name, since }) => [name, since]));
  for (const [name, alert] of found) {
    if (open.has(name)) continue;
    if (await told(alert))
      await pool.query(`INSERT INTO ${incidents} VALUES ($1, now()) ON CONFLICT DO NOTHING`, [name]);
  }
  for (const [name, since] of open) {
    if (found.has(name)) continue;
    const at = new Date(now()).toISOString();
    if (await told({ kind: 'fleet_recovered', at, from: name, since: since.toISOString() }))
      await pool.query(`DELETE FROM ${incidents} WHERE name = $1`, [name]);
  }

  /** Whether anybody took it, or nobody is there to. Otherwise it is tried again with the next look. */
  async function told(alert: FleetAlert): Promise<boolean> {
    log.warn({ ...alert }, 'alert');
    const message = { id: randomUUID(), book: '*', source: 'fleet', ...textOf(alert), alert };
    const sent = await Promise.allSettled(sinks.map((sink) => sink.send(message, signal)));
    return sent.length === 0 || sent.some(({ status }) => status === 'fulfilled');
  }
}

/**
 * Whether so many fail for this reason that the fleet tells of it, and not each connection. What is over is part of it
 * until the incident is.
 */
export async function isMany(pool: Pool, code: string): Promise<boolean> {
  const { rows } = await pool.query<{ many: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM ${incidents} WHERE name = 'failing ' || $1)
       OR (SELECT count(*) FROM ${connections} WHERE code = $1 AND NOT paused) >= ${manySql} AS many`,
    [code],
  );
  return rows[0]?.many === true;
}

async function whatIsWrong(pool: Pool, at: string): Promise<Map<string, FleetAlert>> {
  const found = new Map<string, FleetAlert>();
  const { rows: late } = await pool.query<{ n: string; seconds: string | null }>(
    `SELECT count(*) AS n, extract(epoch FROM now() - min(due_at)) AS seconds FROM ${connections}
     WHERE NOT paused AND due_at < now() - interval '${behindSeconds} s'`,
  );
  const n = Number(late[0]?.n ?? 0);
  if (n > 0) found.set('behind', { kind: 'behind', at, connections: n, seconds: Math.round(Number(late[0]?.seconds)) });
  const { rows: limit } = await pool.query<{ many: string }>(`SELECT ${manySql} AS many`);
  for (const { code, n: failing } of (await pool.query<{ code: string; n: string }>(codesSql)).rows) {
    if (Number(failing) < Number(limit[0]?.many)) continue;
    found.set(`failing ${code}`, { kind: 'many_failing', at, connections: Number(failing), code });
  }
  return found;
}

function textOf(alert: FleetAlert): { subject: string; what: string; todo: string } {
  switch (alert.kind) {
    case 'behind':
      return {
        subject: `${alert.connections} connections are behind schedule`,
        what: `${alert.connections} connections of the fleet are due for more than ${behindSeconds / 60} minutes, the first of them for ${Math.round(alert.seconds / 60)}.`,
        todo: 'See whether workers run and what they do: contact-sync fleet top. If they are all busy, start more of them.',
      };
    case 'many_failing':
      return {
        subject: `${alert.connections} connections fail: ${alert.code}`,
        what: `The last sync of ${alert.connections} connections of the fleet did not go well, for one reason: ${alert.code}. Their books are as they were. Nobody is told of each of them.`,
        todo: `See them: contact-sync fleet status --code ${alert.code}. Once the reason is gone: contact-sync fleet retry --code ${alert.code}`,
      };
    case 'fleet_recovered':
      return {
        subject: 'The fleet is well again',
        what: `This is over for the fleet: ${alert.from}, since ${alert.since.slice(0, 16).replace('T', ' ')} UTC.`,
        todo: 'Nothing.',
      };
  }
}
