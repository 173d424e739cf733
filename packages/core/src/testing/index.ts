export { type ExampleCase, exampleCases } from './example-cases.js';
export * from './examples.js';
export { type MemorySourceOptions, memorySource } from './memory-source.js';
export { sourceCases } from './source-cases.js';
export type {
  OpenedSource,
  SourceCase,
  SourceFault,
  SourceHarness,
  SourceOutcome,
  SourceWorld,
} from './source-harness.js';
export { storeCases } from './store-cases.js';
export type { StoreCase, StoreHarness } from './store-harness.js';
export { vaultCases } from './vault-cases.js';
export type { VaultCase, VaultHarness } from './vault-harness.js';
