import pg from 'pg';
import { plainDigest } from './plain.ts';

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function plainPostgresDigest(url: string): Promise<string> {
  return withClient(url, async (client) => plainDigest((await client.query('SELECT * FROM contacts')).rows));
}
