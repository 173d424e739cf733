/** What a fleet was measured to use. Times are milliseconds; CPU is of one core. */
export type Measured = {
  /** A sync in which nothing changed: for each, and for each thousand contacts. */
  readonly worker: { readonly each: number; readonly perThousand: number };
  readonly server: { readonly each: number; readonly perThousand: number };
  /** How long a practice takes to answer, at the least and at the most. */
  readonly practice: { readonly least: number; readonly most: number };
  /** A sync that meets an outage: how long it holds its place, with the tries of the HTTP client. */
  readonly outageMs: number;
  /** CPU of the worker that looks at the schedules, for each of them. */
  readonly lookMs: number;
};

/**
 * Measured on 22 November 2026, on a shared machine of two cores (Xeon 2.5 GHz, 24 GB; Node 24, PostgreSQL 15, `fsync` on):
 * - `worker` and `server`: `npm run campaign -- fleet`, all due at once, nothing changed. 2,000 firms of 50 contacts: 16.3 ms
 *   of workers and 18.7 of PostgreSQL a sync; 300 firms of 500: 22.2 to 24.9, and 16.5 to 22.3.
 * - `practice`: what the campaign's practices take. `outageMs`: the pauses of the HTTP client, worked out.
 * - `lookMs`: pg-boss's pass over schedules such as those of the fleet.
 */
export const measured: Measured = {
  worker: { each: 15, perThousand: 16 },
  server: { each: 18, perThousand: 2 },
  practice: { least: 50, most: 300 },
  outageMs: 2500,
  lookMs: 0.13,
};
