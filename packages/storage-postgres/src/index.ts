export { type PostgresStoreOptions, postgresStore } from './postgres-store.js';
export { type PostgresVaultOptions, postgresVault } from './postgres-vault.js';
