import { postgresStore } from '../src/index.js';
import { renaming } from './plans.js';

// Run in a process of its own, to be killed: renames everybody in a book and says so.
const [url = '', book = '', name = ''] = process.argv.slice(2);
const store = postgresStore({ url, book });
await store.apply(await renaming(store, name));
process.stdout.write('applied');
await store.close();
