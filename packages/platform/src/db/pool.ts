import pg from 'pg'

const int8 = 20
/** int8 as a JavaScript number; money and counters beyond ±(2^53−1) are an error, never a rounded value. */
const safeInteger = (text: string): number => {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError(`int8 ${text} is beyond the safe integers`)
  return number
}

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary' ? safeInteger : pg.types.getTypeParser(oid, format),
} as pg.CustomTypesConfig

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
    connectionTimeoutMillis: 500,
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
