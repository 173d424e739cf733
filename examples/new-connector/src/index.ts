export { acme, connector } from './connector.js';
export type { AcmeOptions, AcmeSettings } from './settings.js';
