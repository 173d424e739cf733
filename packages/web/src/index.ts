export type { Role } from './api/schemas.js';
export { startWeb } from './start.js';
