import { Fault, fault } from '@souk/kernel'

/** The connection was lost while COMMIT was under way: the effect may or may not be there. Look it up. */
export class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('the connection was lost at COMMIT', { cause })
    this.name = 'CommitUnknown'
  }
}

type PgError = Error & { code?: string; constraint?: string; schema?: string; table?: string }

const codeOf = (error: unknown): string =>
  error instanceof Error && typeof (error as PgError).code === 'string' ? ((error as PgError).code ?? '') : ''

/** Five signs, of which the first is never an E: EPIPE is the operating system's word, not the server's. */
const sqlState = (error: unknown): string => {
  const code = codeOf(error)
  return /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : ''
}

/** The violated constraint's name, or ''. */
export const violated = (error: unknown): string => {
  const state = sqlState(error)
  return state.startsWith('23') ? ((error as PgError).constraint ?? '') : ''
}

/** Serialization failure or deadlock: the transaction did nothing and may simply run again. */
export const mayRetry = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error))

/** The server ends the connection with these: shut down, crashed, starting, dropped, idle for too long. */
const farewells = ['57P01', '57P02', '57P03', '57P04', '57P05', '25P03', '25P04']

/** The way there is broken, in the operating system's words. */
const lostCodes = new Set([
  ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN'],
  ...['ENETUNREACH', 'ENETDOWN', 'ENETRESET', 'EADDRNOTAVAIL', 'EAI_AGAIN', 'ENOTFOUND', 'ENOTCONN'],
  ...['ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END', 'ERR_SOCKET_CLOSED'],
])

/** The driver's own words carry no code. */
const lostWords =
  /Connection (ended|terminated)|not queryable|timeout expired|socket (hang up|disconnected)|has been ended|write after end|calling end on the pool/i

/** Whether the server or the way to it is gone (not: the statement was wrong). */
export const isConnectionError = (error: unknown): boolean => {
  const state = sqlState(error)
  if (state) return state.startsWith('08') || farewells.includes(state)
  const code = codeOf(error)
  if (lostCodes.has(code)) return true
  // The server's socket is a file; other files that are missing are another matter.
  if (code === 'ENOENT') return (error as NodeJS.ErrnoException).syscall === 'connect'
  return error instanceof Error && lostWords.test(error.message)
}

/** Whether the server said that the transaction did not happen; whatever else is heard at COMMIT leaves it open. */
export const isVerdict = (error: unknown): boolean => sqlState(error) !== '' && !isConnectionError(error)

/** No room left, here or on the server: on the disk, in memory, among its connections or its open files. */
const isFull = (error: unknown): boolean =>
  sqlState(error).startsWith('53') || ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'].includes(codeOf(error))

/** The server cannot read or write its files, or it only reads for now, as one that is about to take over. */
const isImpaired = (error: unknown): boolean => sqlState(error).startsWith('58') || sqlState(error) === '25006'

const isPoolBusy = (error: unknown): boolean =>
  error instanceof Error && /timeout exceeded when trying to connect/.test(error.message)

const isPassingItself = (error: unknown): boolean =>
  error instanceof CommitUnknown ||
  isConnectionError(error) ||
  isFull(error) ||
  isImpaired(error) ||
  isPoolBusy(error) ||
  mayRetry(error) ||
  sqlState(error) === '55P03' ||
  (error instanceof Fault && error.code === 'UNAVAILABLE')

/**
 * Whether nothing is wrong with what was asked, itself or in its causes: the same will work when the trouble is over.
 * A statement that ran too long is not among them; it may do so for ever.
 */
export const isPassing = (error: unknown): boolean => {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++)
    if (isPassingItself(at)) return true
  return false
}

/** Errors of the database in the words of the contract; everything unknown stays as it is (a bug). */
export const asFault = (error: unknown): unknown => {
  if (error instanceof Fault || error instanceof CommitUnknown) return error
  if (isConnectionError(error) || isImpaired(error)) return fault('UNAVAILABLE', {}, error)
  if (isFull(error) || isPoolBusy(error) || mayRetry(error) || ['55P03', '57014'].includes(sqlState(error)))
    return fault('OVERLOADED', {}, error)
  return error
}
