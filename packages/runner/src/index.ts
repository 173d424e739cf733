export { changesSince, type RunChanges } from './changes-since.js';
export { type AlertsConfig, type BookConfig, type Config, defineConfig } from './config/config.js';
export { type ExitCode, exitCodes } from './exit-codes.js';
export { type Explained, type Explanation, explain } from './explain.js';
export { type ServingFleet, serveFleet } from './fleet/serve-fleet.js';
export { type Secret, secret } from './secrets/secret.js';
export { type Serving, serve } from './serve/serve.js';
export type { LinkHolder, OperatedFleet, Shown, StartWeb, Web, WebOptions, WebProxy } from './serve/web.js';
export { preview, type SyncOptions, type SyncResult, sync } from './sync.js';
