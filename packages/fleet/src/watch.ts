import type { ServeLog, Sink } from '@contact-sync/runner/engine';
import type { World } from './world.js';

export type Watching = {
  readonly world: World;
  readonly log: ServeLog;
  readonly sinks: readonly Sink[];
  readonly now: () => number;
  readonly signal: AbortSignal;
};

export async function watchFleet(_watching: Watching): Promise<void> {}
