export { type SqliteStoreOptions, sqliteStore } from './sqlite-store.js';
export { type SqliteVaultOptions, sqliteVault } from './sqlite-vault.js';
