import type { Context, Hono } from 'hono';
import type { AppOptions } from '../app.js';
import { signedOut } from '../doors.js';
import type { PageFile } from './page-files.js';

type Served = Pick<AppOptions, 'access' | 'files'> & { readonly gate: Pick<AppOptions['gate'], 'who'> };

/** The page's files are nobody's secret; the page itself is for whoever is in. */
export function servePage(app: Hono, { access, files, gate }: Served): void {
  app.get('*', async (c) => {
    const { path } = c.req;
    const file = path === '/index.html' ? undefined : files.get(path);
    if (file !== undefined) return await sent(c, file);
    // The page's own paths have no ending.
    if (/\.[a-z0-9]+$/i.test(path)) return c.text('There is no such file.\n', 404);
    if (gate.who(c) === null) return signedOut(c, access);
    const index = files.get('/index.html');
    if (index === undefined) return c.text('The page was not built: pnpm build.\n', 404);
    return await sent(c, index);
  });
  app.all('*', (c) => c.text('There is no such page.\n', 404));
}

async function sent(c: Context, file: PageFile): Promise<Response> {
  const isPage = file.type.startsWith('text/html');
  if (!isPage) c.header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  c.header('vary', 'accept-encoding');
  if (!isPage) {
    c.header('etag', file.etag);
    if (c.req.header('if-none-match') === file.etag) return c.body(null, 304);
  }
  const { bytes, encoding } = await file.body(c.req.header('accept-encoding') ?? '');
  c.header('content-type', file.type);
  if (encoding !== null) c.header('content-encoding', encoding);
  return c.body(bytes, 200);
}
