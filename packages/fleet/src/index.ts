export { openFleet } from './fleet.js';
export { startWorker } from './worker.js';
