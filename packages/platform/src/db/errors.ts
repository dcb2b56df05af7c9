import { Fault, fault } from '@souk/kernel'

/** The connection was lost while COMMIT was under way: the effect may or may not be there. Look it up. */
export class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('the connection was lost at COMMIT', { cause })
    this.name = 'CommitUnknown'
  }
}

type PgError = Error & { code?: string; constraint?: string; schema?: string; table?: string }

/** Errors of the operating system have codes too, and EPIPE is as long as a state. */
const sqlState = (error: unknown): string => {
  if (!(error instanceof Error) || 'syscall' in error) return ''
  const { code } = error as PgError
  return typeof code === 'string' ? code : ''
}

/** The violated constraint's name, or ''. */
export const violated = (error: unknown): string => {
  const state = sqlState(error)
  return state.startsWith('23') ? ((error as PgError).constraint ?? '') : ''
}

/** Serialization failure or deadlock: the transaction did nothing and may simply run again. */
export const mayRetry = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error))

const lostWords =
  /terminat|ECONNRESET|ECONNREFUSED|EPIPE|ENOENT|socket|Connection (ended|terminated)|not queryable|closed/i

/** Whether the server or the way to it is gone (not: the statement was wrong). */
export const isConnectionError = (error: unknown): boolean => {
  const state = sqlState(error)
  if (state.startsWith('08') || ['57P01', '57P02', '57P03'].includes(state)) return true
  return error instanceof Error && state.length !== 5 && lostWords.test(error.message)
}

/** Errors of the database in the words of the contract; everything unknown stays as it is (a bug). */
export const asFault = (error: unknown): unknown => {
  if (error instanceof Fault || error instanceof CommitUnknown) return error
  const state = sqlState(error)
  if (mayRetry(error) || state === '55P03' || state === '57014' || state.startsWith('53'))
    return fault('OVERLOADED', {}, error)
  if (isConnectionError(error)) return fault('UNAVAILABLE', {}, error)
  if (error instanceof Error && /timeout exceeded when trying to connect/.test(error.message))
    return fault('OVERLOADED', {}, error)
  return error
}
