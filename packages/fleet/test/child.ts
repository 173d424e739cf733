import type { LogLevel } from '@contact-sync/runner/engine';
import { type Tuning, work } from '../src/worker.js';

// A worker in a process of its own, to be ended, killed or frozen: `node child.ts URL TUNING AT-ONCE LOG-LEVEL`.

const [url = '', tuning = '{}', atOnce = '4', logLevel] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.stdin.once('end', () => process.exit(1)).resume();

await work(
  {
    ...{
      url,
      env: process.env,
      cwd: process.cwd(),
      actor: 'child',
      atOnce: Number(atOnce),
      logLevel: logLevel as LogLevel | undefined,
      listen: null,
      alertsTo: [],
    },
    settingsOf: () => ({}),
    signal: stop.signal,
    write: (line) => void process.stderr.write(line),
  },
  JSON.parse(tuning) as Tuning,
);
process.stdin.destroy();
