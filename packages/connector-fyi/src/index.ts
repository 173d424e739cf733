export { connector, fyi } from './connector.js';
export type { FyiOptions, FyiSettings } from './settings.js';
