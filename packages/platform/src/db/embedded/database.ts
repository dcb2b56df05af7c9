import pg from 'pg'
import { type Endpoint, urlOf } from './endpoint.ts'

/** What a running server says about itself. */
export type ServerFacts = { version: string; maxConnections: number }

/** Asks a server that may be hung or foreign; undefined when it does not answer in time. */
export async function askServer(endpoint: Endpoint): Promise<ServerFacts | undefined> {
  try {
    return await withClient(endpoint, 'postgres', async (client) => {
      const { rows } = await client.query<ServerFacts>(
        `select split_part(current_setting('server_version'), ' ', 1) as version,
                current_setting('max_connections')::int as "maxConnections"`,
      )
      return rows[0]
    })
  } catch {
    return undefined
  }
}

/** Makes the database `souk` if it is not there; it inherits the cluster's encoding and locale. */
export async function ensureDatabase(endpoint: Endpoint): Promise<void> {
  await withClient(endpoint, 'postgres', async (client) => {
    const { rowCount } = await client.query(`select from pg_database where datname = 'souk'`)
    if (rowCount === 0) await client.query('create database souk')
  })
}

async function withClient<T>(endpoint: Endpoint, database: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: urlOf(endpoint, database),
    // Spelled out, else PGSSLMODE of the user's shell would ask a socket for TLS.
    ssl: false,
    connectionTimeoutMillis: 5_000,
    query_timeout: 60_000,
  })
  // A connection that breaks also rejects the pending call; without a listener the event would end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
