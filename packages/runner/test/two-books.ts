import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { inject } from 'vitest';
import { main } from '../src/main.js';
import { newKey } from '../src/secrets/keys.js';
import type { Terminal } from '../src/terminal.js';
import { filesOf } from './canary.js';
import { installDemo } from './demo-connector.js';
import { serveDemo } from './demo-system.js';
import { testTerminal } from './test-terminal.js';

/** Of the other firm: what none but its own operator may come to see. */
const theirs = ['zebra', 'demo:north', 'Zebra', 'Person N', '+6149157', '@zebra.example', 'n1@', 'n2@'];

const csv = (rows: readonly string[]) =>
  ['id,name,email,phone,recordType,forcedManual,metadata', ...rows, ''].join('\n');
const zebras = Array.from(
  { length: 12 },
  (_, n) => `${101 + n},Zebra ${n},z${n}@zebra.example,+6149157${String(n).padStart(4, '0')},manual,no,`,
);
const acmes = [1, 2, 3].map((n) => `${n},Acme ${n},a${n}@acme.example,,manual,no,`);

export type TwoBooks = Awaited<ReturnType<typeof twoBooks>>;

/**
 * One PostgreSQL with the books of two firms, `acme` and `zebra`, each with contacts, runs, a stored connection and what a
 * fleet keeps; the second has contacts and runs whose numbers the first has not.
 */
export async function twoBooks() {
  const folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  const url = await newDatabase();
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  const system = await serveDemo();
  await Promise.all([installDemo(folder), installFleet(folder)]);
  const env = { CONTACT_SYNC_KEY: newKey() };

  /** As the operator of a book types it. What is printed, and every file that it makes, is kept together. */
  async function run(line: string, more: Record<string, string> = {}, given: Partial<Terminal> = {}) {
    const before = new Set(filesOf(folder).map(({ name }) => name));
    const terminal = testTerminal({ cwd: folder, env: { ...env, ...more }, ...given });
    const args = [...line.split(' '), '--store', url, '--json', '--verbose'];
    const exit = await main(args, terminal);
    const made = filesOf(folder).filter(({ name }) => !before.has(name));
    const said = [terminal.output(), terminal.errors(), ...made.map(({ bytes }) => bytes.toString())].join('\n');
    return { exit, output: terminal.output(), said, code: /^code: (\w+)$/m.exec(terminal.errors())?.[1] ?? null };
  }
  async function done(line: string, more?: Record<string, string>): Promise<void> {
    const { exit, said } = await run(line, more);
    if (exit !== 0) throw new Error(`${line}: ${said}`);
  }

  await writeFile(join(folder, 'acme.csv'), csv(acmes));
  await writeFile(join(folder, 'zebra.csv'), csv(zebras));
  for (const [book, firm] of [
    ['acme', 'south'],
    ['zebra', 'north'],
  ] as const) {
    await done(`contacts import ${book}.csv --book ${book}`);
    await done(`connect demo --set url=${system.url} --set firm=${firm} --book ${book}`, system.keys);
    await done(`sync --from demo:${firm} --book ${book} --yes`);
  }
  for (const n of [1, 2, 3, 4]) await done(`contacts edit 101 --name Zebra-${n} --book zebra`);
  await done('fleet export zebra --out zebra.ndjson --with-key');
  await pool.query(
    `INSERT INTO contact_sync_fleet.connections (key, book, source, mark, schedule, own_schedule, paused, code, failures)
     VALUES ('a', 'acme', 'demo:south', '', 'hourly', false, false, 'many_missing', 1),
            ('z', 'zebra', 'demo:north', '', 'hourly', false, false, 'source_unauthorized', 1)`,
  );
  await pool.query(
    `INSERT INTO contact_sync_jobs.job (name, data, singleton_key)
     SELECT q, '{"book":"zebra","source":"demo:north"}', 'z' FROM unnest(ARRAY['sync', 'failed']) AS q`,
  );

  /** Everything that is kept of the other firm, table by table. */
  async function digest(): Promise<Record<string, string>> {
    const { rows: tables } = await pool.query<{ schema: string; name: string; has: boolean }>(
      `SELECT n.nspname AS schema, c.relname AS name, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid
         AND a.attname = 'book' AND a.atttypid = 'bigint'::regtype) AS has
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND n.nspname IN ('contact_sync', 'contact_sync_fleet', 'contact_sync_jobs')
         AND c.relname IN ('books', 'contacts', 'connections', 'runs', 'decisions', 'forgotten', 'vault', 'job', 'schedule')
          OR n.nspname = 'contact_sync' AND c.relkind = 'r' AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid
         AND a.attname = 'book') ORDER BY 1, 2`,
    );
    const digests: Record<string, string> = {};
    for (const { schema, name, has } of tables) {
      const which = has
        ? 'book = (SELECT book FROM contact_sync.books WHERE name = $1)'
        : `strpos(t::text, $1) > 0 AND $1 <> ''`;
      const { rows } = await pool.query<{ row: string }>(
        `SELECT t::text AS row FROM ${schema}.${name} t WHERE ${which} ORDER BY 1`,
        ['zebra'],
      );
      const hash = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
      digests[`${schema}.${name}`] = `${rows.length} ${hash}`;
    }
    return digests;
  }

  return {
    url,
    run,
    digest,
    /** What of the other firm is in a text, but for what was typed. */
    leaks: (line: string, said: string) => theirs.filter((mark) => !line.includes(mark) && said.includes(mark)),
    readFile: (name: string) => readFile(join(folder, name), 'utf8'),
    async close() {
      await system.close();
      await pool.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

let made = 0;

async function newDatabase(): Promise<string> {
  const url = new URL(await text(createConnection(inject('postgresStarter'))));
  const client = new pg.Client(url.href);
  await client.connect();
  made += 1;
  const name = `books_${process.pid}_${made}`;
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  url.pathname = name;
  return url.href;
}

const registered = Symbol.for('contact-sync fleet');

/** Puts the fleet where `npm install` would, from source: the runner finds it by its name, and knows no more of it. */
async function installFleet(folder: string): Promise<void> {
  const source = new URL('../../fleet/src/index.ts', import.meta.url).href;
  Object.assign(globalThis, { [registered]: await import(/* @vite-ignore */ source) });
  const place = join(folder, 'node_modules', '@contact-sync', 'fleet');
  await mkdir(place, { recursive: true });
  await writeFile(
    join(place, 'package.json'),
    '{ "name": "@contact-sync/fleet", "type": "module", "main": "index.js" }',
  );
  await writeFile(
    join(place, 'index.js'),
    `export const { openFleet, startWorker } = globalThis[Symbol.for('${registered.description}')];`,
  );
}
