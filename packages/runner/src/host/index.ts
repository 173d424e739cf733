export { readReport } from '../reports/read-report.js';
export type { ReportFormat } from '../reports/report.js';
export { startHost } from './host.js';
export type { HostOptions } from './inner.js';
export * from './types.js';
export { decisionView, runView } from './views.js';
