import { busyDatabases } from './busy.js';
import type { Campaign } from './campaign.js';
import { faults } from './faults.js';
import { fleet } from './fleet.js';
import { fleetLimit } from './fleet-limit.js';
import { fullDisks } from './full-disk.js';
import { killsOfBackends, killsOnPostgres, killsOnSqlite } from './kill.js';
import { killsOfRefreshOnPostgres, killsOfRefreshOnSqlite } from './kill-refresh.js';
import { phones } from './phones.js';
import { equalRuns, untouched } from './plans.js';
import { readOnlyFiles } from './read-only.js';
import { refreshRace } from './refresh-race.js';
import { stopsOfService } from './stop-service.js';
import { tornLogs } from './torn-log.js';
import { twoProcessesOnPostgres, twoProcessesOnSqlite } from './two-processes.js';

export const campaigns: readonly Campaign[] = [
  killsOnSqlite,
  killsOnPostgres,
  killsOfBackends,
  tornLogs,
  fullDisks,
  readOnlyFiles,
  busyDatabases,
  twoProcessesOnSqlite,
  twoProcessesOnPostgres,
  refreshRace,
  killsOfRefreshOnSqlite,
  killsOfRefreshOnPostgres,
  stopsOfService,
  fleet,
  fleetLimit,
  faults,
  untouched,
  equalRuns,
  phones,
];
