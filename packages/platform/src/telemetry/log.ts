import { pino } from 'pino'
import { maskFields } from './mask.ts'

/** Structured log: one JSON line per entry. Fields are few and named; secrets, cards and bodies have no spelling here. */
export type LogFields = Record<string, string | number | boolean | undefined | null>
export type Log = {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields & { error?: string }): void
  child(fields: LogFields): Log
}

type Base = { debug: Write; info: Write; warn: Write; error: Write; child(fields: LogFields): Base }
type Write = (fields: object, event: string) => void

const wrap = (base: Base): Log => ({
  debug: (event, fields = {}) => base.debug(maskFields(fields), event),
  info: (event, fields = {}) => base.info(maskFields(fields), event),
  warn: (event, fields = {}) => base.warn(maskFields(fields), event),
  error: (event, fields = {}) => base.error(maskFields(fields), event),
  child: (fields) => wrap(base.child(maskFields(fields))),
})

let stampedAt = 0
let stamp = ''
/** UTC with milliseconds; written once per millisecond, since busy processes log many lines in one. */
const timestamp = (): string => {
  const now = Date.now()
  if (now !== stampedAt) {
    stampedAt = now
    stamp = `,"time":"${new Date(now).toISOString()}"`
  }
  return stamp
}

/**
 * The process's log on standard output. Every line has `time` (UTC), `level`, `kind` (`access`, `business` or `error`,
 * set by children), `msg` = event word. Lines are gathered for up to 100 ms, so a slow reader never holds a request.
 */
export const createLog = (options: { level?: string; service: string; version: string }): Log => {
  const destination = pino.destination({ fd: 1, sync: false, minLength: 4096, periodicFlush: 100 })
  const base = pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service, version: options.version },
      timestamp,
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  )
  return wrap(base as unknown as Base)
}

/** A log that keeps nothing; for tools and tests that judge behaviour, not lines. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
}

/** The words of an error for a log line: message and first frame, no values. */
export const errorText = (error: unknown): string =>
  error instanceof Error
    ? `${error.name}: ${error.message}${error.cause instanceof Error ? ` ← ${error.cause.message}` : ''}`
    : String(error)
