import { type Tuning, work } from '../src/worker.js';

// A worker in a process of its own, to be ended, killed or frozen: `node child.ts URL TUNING AT-ONCE`.

const [url = '', tuning = '{}', atOnce = '4'] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

await work(
  {
    ...{
      url,
      env: process.env,
      cwd: process.cwd(),
      actor: 'child',
      atOnce: Number(atOnce),
      listen: null,
      alertsTo: [],
    },
    settingsOf: () => ({}),
    signal: stop.signal,
    write: (line) => void process.stderr.write(line),
  },
  JSON.parse(tuning) as Tuning,
);
