export type { Role } from './api/schemas.js';
