import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Connector, ContactSyncError, type RequestLimits } from '@contact-sync/core';
import type { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { fairTurns } from './fair-turns.js';
import { schemas } from './names.js';
import { type Windows, windowsOf } from './windows.js';

/** Waits until a request of a tenant may be made. */
export type Gate = (tenant: string, options: { readonly signal: AbortSignal }) => Promise<void>;

const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * Counts the requests of all workers together, in the database. Nobody makes more than the limits allow in any minute;
 * in each worker tenants take turns.
 *
 * @param app what all tenants share: the name of the connector
 * @throws (by the gate) ContactSyncError `source_rate_limited` with `resumeAt`, where a tenant has used up its day
 */
export function gateOf(pool: Pool, app: string, limits: RequestLimits, minute = minuteMs, now = Date.now): Gate {
  const turns = fairTurns();
  const day = limits.tenant?.day;
  const perDay = day === undefined ? null : { limit: counter(pool, 'day', day, dayMs), points: day };
  const perTenant = limits.tenant?.minute === undefined ? null : paced(windowsOf(limits.tenant.minute, minute));
  const perApp = limits.app?.minute === undefined ? null : paced(windowsOf(limits.app.minute, minute));

  function paced(windows: Windows) {
    // A window is counted under its own number, and for a while after its end, so that clocks may differ.
    const limit = counter(pool, 'paced', windows.points, windows.milliseconds * 4);
    return async (name: string, signal: AbortSignal): Promise<void> => {
      for (;;) {
        const at = now();
        const window = Math.floor(at / windows.milliseconds);
        if (await taken(limit, `${name}:${window}`)) return;
        await setTimeout(Math.max(1, (window + 1) * windows.milliseconds - now()), undefined, { signal });
      }
    };
  }

  return async (tenant, { signal }) => {
    try {
      if (perDay !== null) {
        const today = Math.floor(now() / dayMs);
        if (!(await taken(perDay.limit, `${hashed(tenant)}:${today}`)))
          throw dayUsedUp(tenant, perDay.points, new Date((today + 1) * dayMs));
      }
      await perTenant?.(`tenant:${hashed(tenant)}`, signal);
      if (perApp !== null) await turns.take(tenant, () => perApp(`app:${app}`, signal));
    } catch (error) {
      if (signal.aborted) {
        throw new ContactSyncError('cancelled', 'A request was cancelled while it waited for its turn.', {
          hint: 'Nothing was written. Run it again when you like.',
        });
      }
      throw ContactSyncError.is(error) ? error : notCounted(error);
    }
  };
}

type Load = (name: string, cwd: string) => Promise<Connector>;

/**
 * Loads connectors whose requests wait for the gate, where the vendor has limits.
 *
 * @param instead of tests: other limits for all of them, and a shorter minute
 */
export function limitedBy(
  pool: Pool,
  load: Load,
  instead: { readonly limits?: RequestLimits; readonly minute?: number } = {},
): Load {
  const gates = new Map<string, Gate>();
  return async (name, cwd) => {
    const connector = await load(name, cwd);
    const { limits = connector.limits, minute } = instead;
    if (limits === undefined) return connector;
    const gate = gates.get(connector.name) ?? gateOf(pool, connector.name, limits, minute);
    gates.set(connector.name, gate);
    return {
      ...connector,
      create(settings) {
        const tenant = connector.sourceOf(settings);
        const beforeRequest = (options: { signal: AbortSignal }) => gate(tenant, options);
        return connector.create({ ...(settings as object), beforeRequest });
      },
    };
  };
}

function counter(pool: Pool, keyPrefix: string, points: number, milliseconds: number): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    schemaName: schemas.fleet,
    tableName: 'limits',
    tableCreated: true,
    keyPrefix,
    points,
    duration: milliseconds / 1000,
    // What is used up is asked for no more.
    inMemoryBlockOnConsumed: points + 1,
  });
}

async function taken(limit: RateLimiterPostgres, key: string): Promise<boolean> {
  try {
    await limit.consume(key);
    return true;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return false;
    throw refused;
  }
}

/** A key has no more than 255 letters, and a source may be longer. */
function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function dayUsedUp(tenant: string, limit: number, until: Date): ContactSyncError {
  return new ContactSyncError('source_rate_limited', `${tenant} has used up its ${limit} requests of this day.`, {
    hint: 'It goes on by itself when the next day begins, in UTC.',
    resumeAt: until.toISOString(),
  });
}

function notCounted(cause: unknown): ContactSyncError {
  return new ContactSyncError('store_failed', 'A request could not be counted in the database.', {
    hint: 'It was not made. It is tried again when the database answers.',
    cause,
  });
}
