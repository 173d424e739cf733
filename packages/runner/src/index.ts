export { type ExitCode, exitCodes } from './exit-codes.js';
export { type Explained, type Explanation, explain } from './explain.js';
export { preview, type SyncOptions, type SyncResult, sync } from './sync.js';
