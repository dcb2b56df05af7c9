import pg from 'pg'

const int8 = 20
/** int8 as a JavaScript number; money and counters beyond ±(2^53−1) are an error, never a rounded value. */
const numberOfInt8 = (text: string): number => {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError(`int8 ${text} is beyond the safe integers`)
  return number
}

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary' ? numberOfInt8 : pg.types.getTypeParser(oid, format),
} as pg.CustomTypesConfig

/** How long anybody waits for a connection, milliseconds. */
const patienceMs = 500

/** Where connections come from. */
export type Connections = { connect(): Promise<pg.PoolClient> }

export type PoolOptions = {
  url: string
  max: number
  /** Shown in pg_stat_activity. */
  name: string
  /** Milliseconds a statement may run; default 2,000. */
  statementTimeoutMs?: number
  onError?: (error: Error) => void
}

/**
 * A bounded pool of pipelined connections. Waiting for a connection ends after 500 ms; statements, locks and idle
 * transactions have limits on the server. An idle connection that breaks is reported and replaced, never thrown.
 */
export const createPool = ({ url, max, name, statementTimeoutMs = 2000, onError }: PoolOptions): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    connectionTimeoutMillis: patienceMs,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    lock_timeout: 500,
    idle_in_transaction_session_timeout: 5000,
    // A socket has no TLS, whatever PGSSLMODE of the shell asks for.
    ...(/[?&]host=(\/|%2F)/i.test(url) ? { ssl: false } : {}),
    pipeline: true,
    types,
  } as pg.PoolConfig)
  const report = onError ?? (() => {})
  pool.on('error', report)
  pool.on('connect', (client) => client.on('error', report))
  return pool
}

/**
 * At most `most` connections of a pool at once: whoever hangs with all of his leaves some to the others. Who waits for
 * his share gives up as he would at the pool itself.
 */
export const shareOf = (pool: pg.Pool, most: number): Connections => {
  let taken = 0
  const waiting = new Set<() => void>()
  const free = () => {
    const [next] = waiting
    if (next) next()
    else taken--
  }
  const turn = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(go)
        reject(new Error('timeout exceeded when trying to connect'))
      }, patienceMs)
      const go = () => {
        clearTimeout(timer)
        waiting.delete(go)
        resolve()
      }
      waiting.add(go)
    })
  return {
    connect: async () => {
      if (taken < most) taken++
      else await turn()
      try {
        const client = await pool.connect()
        const { release } = client
        client.release = (destroy) => {
          release(destroy)
          free()
        }
        return client
      } catch (error) {
        free()
        throw error
      }
    },
  }
}
