import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { serverBinaries } from './binaries.ts';

/** A PostgreSQL of its own, in a temporary folder, reached by a socket in that folder: nobody else is in the way. */
export type TestServer = {
  /** A connection URL. Everybody is let in without a password, but for the user `locked`. */
  url(database?: string, user?: string): string;
  /** `crash` gives the server no time to tidy up: it comes back from its log. The data stay until `close`. */
  stop(how?: 'politely' | 'crash'): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes the folder. */
  close(): Promise<void>;
};

/** Ends the server also when the process that started it is killed: its standard input ends then. */
const keeper = `
  folder=$1; shift
  "$@" & server=$!
  read -r order
  kill -s "\${order:-QUIT}" "$server"
  wait "$server"
  [ -n "$order" ] || rm -rf "$folder"
`;

/**
 * Starts a server, as root (it then runs as another user, for PostgreSQL refuses root) or not. It keeps its promises about
 * the disk: `fsync` is on.
 */
export async function startServer(): Promise<TestServer> {
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), 'contact-sync-pg-'));
  // Others may read the copied programs; the data folder is its owner's alone, initdb sees to that.
  chmodSync(folder, 0o755);
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };

  const bin = serverBinaries(join(folder, 'programs'));
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  execFileSync(join(bin, 'initdb'), initdb, { ...options, stdio: 'pipe' });
  const access = join(data, 'pg_hba.conf');
  writeFileSync(access, `local all locked scram-sha-256\n${readFileSync(access, 'utf8')}`);

  let running: ChildProcessByStdio<Writable, null, Readable> | null = null;

  async function start(): Promise<void> {
    const settings = { listen_addresses: '', unix_socket_directories: folder, max_connections: '200', fsync: 'on' };
    const flags = Object.entries({ ...settings, log_min_messages: 'log' }).flatMap(([key, value]) => [
      '-c',
      `${key}=${value}`,
    ]);
    const command = [join(bin, 'postgres'), '-D', data, ...flags];
    // In a process group of its own, so that Ctrl-C in a terminal ends the tests first.
    const child = spawn('/bin/sh', ['-c', keeper, 'keeper', folder, ...command], {
      ...options,
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    running = child;
    await ready(child.stderr);
    child.stderr.resume();
  }

  async function end(order: string): Promise<void> {
    const child = running;
    if (child === null) return;
    running = null;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.stdin.end(order);
    await ended;
  }

  await start();
  return {
    url: (database = 'postgres', name = 'postgres') => `postgresql://${name}@localhost/${database}?host=${folder}`,
    start,
    stop: (how = 'politely') => end(how === 'crash' ? 'QUIT\n' : 'INT\n'),
    async close() {
      await end('');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(log: Readable): Promise<void> {
  const seen: string[] = [];
  for await (const line of createInterface(log)) {
    if (line.includes('ready to accept connections')) return;
    seen.push(line);
  }
  throw new Error(`PostgreSQL did not start:\n${seen.join('\n')}`);
}

/** Null unless we are root: then the user that owns servers on this machine, or the one that owns nothing. */
function serverUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (user === undefined) throw new Error('PostgreSQL refuses to run as root, and there is no user nobody.');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}
