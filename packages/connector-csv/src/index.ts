export { connector, csv } from './connector.js';
export type { CsvOptions, CsvSettings } from './settings.js';
