import { fileURLToPath } from 'node:url';
import type { StartWeb } from '@contact-sync/runner';
import { getRequestListener } from '@hono/node-server';
import { endpoints, fleetEndpoints } from './api/endpoints.js';
import { webApp } from './app.js';
import { eventHub } from './events/hub.js';
import { readPageFiles } from './files/page-files.js';
import { gateOf } from './security/gate.js';

/** From the sources and from what is built of them alike. */
const built = fileURLToPath(new URL('../dist/page', import.meta.url));

/** The page and its API, for whoever listens. See `StartWeb`. */
export const startWeb: StartWeb = async (options) => {
  const { access, clock, log, version } = options;
  const host = options.host ?? null;
  const gate = gateOf(access, clock.now);
  const over = new AbortController();
  const hub = eventHub();
  const unsubscribe = host?.subscribe((event) => hub.tell(event));
  const files = await readPageFiles(built);
  const app = webApp({
    host,
    access,
    gate,
    files,
    log,
    version,
    endpoints: options.fleet ? fleetEndpoints(options.fleet) : endpoints({ hub, clock, over: over.signal }),
  });
  const listener = getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false });
  const answering = new Set<object>();
  let quiet = Promise.withResolvers<void>();

  return {
    handle(request, response) {
      if (over.signal.aborted) {
        response.writeHead(503, { connection: 'close' }).end();
        return;
      }
      answering.add(response);
      response.once('close', () => {
        answering.delete(response);
        if (answering.size === 0) quiet.resolve();
      });
      void listener(request, response);
    },
    async close() {
      over.abort();
      unsubscribe?.();
      gate.close();
      quiet = Promise.withResolvers();
      if (answering.size > 0) await quiet.promise;
    },
  };
};
