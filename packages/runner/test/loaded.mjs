import { registerHooks } from 'node:module';

// Tells on standard error, when the process ends, which modules it has loaded, a line each.
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    loaded.add(url);
    return next(url, context);
  },
});
process.on('exit', () => {
  for (const url of loaded) process.stderr.write(`loaded ${url}\n`);
});
