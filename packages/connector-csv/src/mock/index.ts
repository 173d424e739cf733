export { csvText, faults } from './file.js';
export { mock } from './mock.js';
