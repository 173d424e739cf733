import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectMock, demoService } from './demo-service.js';

/*
 * The page with a made-up practice, to look at while it is built:
 *
 *   node --conditions=@contact-sync/source --import ./campaigns/src/from-source.mjs packages/web/test/dev.ts
 *
 * Its links work again and again. After a change of page/: npx vite build --config packages/web/vite.config.ts, and start this again.
 */

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8484' }, contacts: { type: 'string', default: '120' } },
});
const folder = await mkdtemp(join(tmpdir(), 'contact-sync-page-'));
const contacts = Number(values.contacts);
const demo = await demoService({
  folder,
  listen: { host: '127.0.0.1', port: Number(values.port) },
  systems: { xpm: { contacts }, fyi: { contacts: 40, seed: 2 }, bgl: { contacts: 30, seed: 3 } },
  holders: { dev: { user: 'dev', role: 'administrator' }, viewer: { user: 'vic', role: 'viewer' } },
});
process.once('SIGINT', () => void demo.close().then(() => rm(folder, { recursive: true, force: true })));
process.once('SIGTERM', () => void demo.close().then(() => rm(folder, { recursive: true, force: true })));

const book = demo.host.book('default');
const signed = { actor: 'dev', why: null };
const odd = [
  '<script>alert(1)</script>',
  'Right \u202eot tfel',
  'Zero\u200bWidth',
  `Long ${'name '.repeat(40)}`.slice(0, 200),
  'Emoji 👩‍👩‍👧 Family',
];
for (const [index, name] of odd.entries()) {
  await book.add({ name, email: `odd${index}@example.com`, phone: null }, signed).catch((error: Error) => {
    process.stdout.write(`Not added: ${error.message}\n`);
  });
}
for (const name of ['xpm', 'fyi'] as const) {
  process.stdout.write(`Connected: ${await connectMock(demo, name)}\n`);
}
const { xpm, bgl } = demo.served;
process.stdout.write(`
The page:    ${demo.url}/open?token=dev
As a viewer: ${demo.url}/open?token=viewer
To connect:  bgl ${JSON.stringify({ ...bgl?.settings, ...bgl?.env })}
To sign in:  xpm ${JSON.stringify({ ...xpm?.settings, ...xpm?.env })}
`);
