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
