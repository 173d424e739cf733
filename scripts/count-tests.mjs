import { existsSync, readFileSync } from 'node:fs';

// Prints `N passed, N failed` from vitest's JSON report, the file named as argument. JavaScript, because it also has to
// run where nothing could be installed. A file that could not be loaded counts as one failed test; without a report no
// test ran.

const file = process.argv[2] ?? '.reports/vitest.json';
const nothing = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : nothing;
const unloaded = report.testResults.filter((each) => each.status === 'failed' && each.assertionResults.length === 0);
process.stdout.write(`${report.numPassedTests} passed, ${report.numFailedTests + unloaded.length} failed\n`);
