export { follow } from './follow.js';
export { peopleStore } from './people-store.js';
export { openHost } from './schema.js';
export { syncFirm } from './sync-firm.js';
