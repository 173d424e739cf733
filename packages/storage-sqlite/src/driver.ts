export type { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * Node 22 warns, when its SQLite is loaded, that it is experimental, which says nothing to people who sync contacts. The
 * warning is made while the module loads, so it is held back then, and only it: every other warning goes on.
 */
export function withoutSqliteWarning<T>(load: () => T): T {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).startsWith('SQLite is an experimental feature')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

export const sqlite = withoutSqliteWarning(() => process.getBuiltinModule('node:sqlite'));
