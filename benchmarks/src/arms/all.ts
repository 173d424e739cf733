import type { Arm } from '../arm.ts';
import { oursDecision } from './decision.ts';
import { duckdbDecision, duckdbMerge } from './duckdb.ts';
import { oursFirms } from './firms.ts';
import { homeMade } from './home-made.ts';
import { kyselyOnPostgres, kyselyOnSqlite } from './kysely-loop.ts';
import { parseAndDrop, readXpm, rewritePostgres, rewriteSqlite, saxesOnly } from './limits.ts';
import { oursFromRecords, oursFromXml, oursFromXmlOnPostgres, oursOnPostgres, oursOnSqlite } from './ours.ts';
import { libraryPhones, oursPhones } from './phones.ts';
import { polarsJoin } from './polars.ts';
import { postgresMerge } from './postgres-merge.ts';
import { sqliteSet } from './sqlite-set.ts';
import { nodeMemory, nodeNothing, oursVersion } from './start.ts';

/** Those that end with a book, of which all must be equal. */
export const syncs: readonly Arm[] = [
  oursOnSqlite,
  homeMade,
  sqliteSet,
  kyselyOnSqlite,
  duckdbMerge,
  polarsJoin,
  oursOnPostgres,
  postgresMerge,
  kyselyOnPostgres,
  oursFromRecords,
  oursFromXml,
  oursFromXmlOnPostgres,
];

export const arms: readonly Arm[] = [
  ...syncs,
  parseAndDrop,
  rewriteSqlite,
  rewritePostgres,
  oursDecision,
  duckdbDecision,
  saxesOnly,
  readXpm,
  oursFirms,
  oursPhones,
  libraryPhones,
  oursVersion,
  nodeNothing,
  nodeMemory,
];

export function armNamed(name: string): Arm {
  const arm = arms.find((one) => one.name === name);
  if (arm === undefined) throw new Error(`There is no arm ${name}.`);
  return arm;
}
