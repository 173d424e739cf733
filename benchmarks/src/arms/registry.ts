import type { Arm } from '../arm.ts';

/*
 * Every arm by its name, and the module it is in, which is loaded when the arm is asked for: the process that runs an arm
 * holds no code of another one in its memory.
 */
const modules = {
  'ours-sqlite': () => import('./ours.ts'),
  'ours-postgres': () => import('./ours.ts'),
  'ours-sqlite-records': () => import('./ours.ts'),
  'ours-sqlite-xml': () => import('./ours.ts'),
  'ours-postgres-xml': () => import('./ours.ts'),
  'home-made': () => import('./home-made.ts'),
  'sqlite-set': () => import('./sqlite-set.ts'),
  'kysely-sqlite': () => import('./kysely-sqlite.ts'),
  'duckdb-merge': () => import('./duckdb.ts'),
  'polars-join': () => import('./polars.ts'),
  'postgres-merge': () => import('./postgres-merge.ts'),
  'kysely-postgres': () => import('./kysely-postgres.ts'),
  'parse-json': () => import('./parse-json.ts'),
  'rewrite-sqlite': () => import('./rewrite-sqlite.ts'),
  'rewrite-postgres': () => import('./rewrite-postgres.ts'),
  'ours-decision': () => import('./decision.ts'),
  'duckdb-decision': () => import('./duckdb.ts'),
  'parse-xml': () => import('./parse-xml.ts'),
  'read-xpm': () => import('./read-xpm.ts'),
  'ours-firms': () => import('./firms.ts'),
  'ours-phones': () => import('./phones.ts'),
  'library-phones': () => import('./phones.ts'),
  'ours-version': () => import('./start.ts'),
  'node-memory': () => import('./start.ts'),
} satisfies Record<string, () => Promise<Record<string, unknown>>>;

export type ArmName = keyof typeof modules;

export const armNames = Object.keys(modules) as ArmName[];

/** Those that end with a book, of which all must be equal. */
export const syncNames = armNames.slice(0, armNames.indexOf('parse-json'));

export function isArmName(name: string): name is ArmName {
  return Object.hasOwn(modules, name);
}

export async function loadArm(name: ArmName): Promise<Arm> {
  const arm = Object.values(await modules[name]()).find((value) => isArm(value) && value.name === name);
  if (isArm(arm)) return arm;
  throw new Error(`The module of ${name} does not export it.`);
}

function isArm(value: unknown): value is Arm {
  return typeof value === 'object' && value !== null && 'name' in value && 'start' in value;
}
