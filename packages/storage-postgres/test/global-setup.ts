import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startServer, type TestServer } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A socket: whoever connects is told the URL of a PostgreSQL that all tests share. */
    postgresStarter: string;
  }
}

/** All tests share one server, and it is started when the first test asks for it: most runs of tests need none. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'contact-sync-starter-'));
  let server: Promise<TestServer> | null = null;
  const starter = createServer((socket) => {
    server ??= startServer();
    server.then(
      ({ url }) => socket.end(url()),
      (error: Error) => socket.destroy(error),
    );
  });
  const path = join(folder, 'starter');
  await new Promise<void>((resolve) => starter.listen(path, resolve));
  project.provide('postgresStarter', path);

  return async () => {
    starter.close();
    await (await server)?.close();
    rmSync(folder, { recursive: true });
  };
}
