import type { BrokenSource } from './broken-source.js';
import { brokenAtChanges } from './broken-sources-changing.js';
import { brokenAtFaults } from './broken-sources-failing.js';
import { brokenAtReading } from './broken-sources-reading.js';
import { brokenAtStopping } from './broken-sources-stopping.js';

export const brokenSources: readonly BrokenSource[] = [
  ...brokenAtReading,
  ...brokenAtStopping,
  ...brokenAtChanges,
  ...brokenAtFaults,
];
