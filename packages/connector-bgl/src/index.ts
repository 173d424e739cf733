export { bgl, connector } from './connector.js';
export type { BglOptions, BglSettings } from './settings.js';
