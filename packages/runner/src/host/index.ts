export { readReport } from '../reports/read-report.js';
export type { ReportFormat } from '../reports/report.js';
export * from './types.js';
