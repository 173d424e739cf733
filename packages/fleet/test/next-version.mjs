import { registerHooks } from 'node:module';

// Makes a process one of the next version: `NEXT_STEPS` has the further steps of the two schemas, by whose they are. And it
// finds the fleet as installed, which from source it is not beside the runner.
const steps = JSON.parse(process.env.NEXT_STEPS ?? '{}');
const files = { books: '/storage-postgres/src/schema.ts', fleet: '/fleet/src/schema.ts' };
const places = { books: 'booksSchema', fleet: 'fleetSchema' };

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== '@contact-sync/fleet') return next(specifier, context);
    return { url: new URL('../src/index.ts', import.meta.url).href, shortCircuit: true };
  },
  load(url, context, next) {
    const loaded = next(url, context);
    const whose = Object.keys(files).find((name) => url.endsWith(files[name]));
    if (whose === undefined || steps[whose] === undefined) return loaded;
    return {
      ...loaded,
      source: `${loaded.source}\n${places[whose]}.migrations.push(...${JSON.stringify(steps[whose])});\n`,
    };
  },
});
