import { Client } from 'pg';

/** Looks behind the scenes: runs one statement on a connection of its own and gives its rows. */
export async function sql<Row = Record<string, unknown>>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  return withConnection(url, async (client) => (await client.query(text, values)).rows as Row[]);
}

export async function withConnection<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
