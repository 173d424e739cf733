export { connector, xpm } from './connector.js';
export type { XpmOptions, XpmSettings } from './settings.js';
