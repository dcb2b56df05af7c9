import type { Log, Metrics } from '@souk/platform'
import { userHash, type Visit } from '../server/visit.ts'

export type Served = { method: string; status: number; bytes: number }

/** One line and one measurement per request. Patterns, never addresses: a query may hold what nobody should keep. */
export type AccessLog = {
  record(visit: Visit, served: Served): void
  /** Writes what is still waiting. */
  flush(): void
}

type Waiting = Served & { visit: Visit; ms: number }

/** Lines wait a moment and are written together: alone, one costs as much as a third of the answer it speaks of. */
const waitMs = 20
const mostWaiting = 500

export const createAccessLog = (log: Log, metrics: Metrics): AccessLog => {
  const lines = log.child({ kind: 'access' })
  const labels = new Map<string, Record<string, string>>()
  let waiting: Waiting[] = []
  let timer: NodeJS.Timeout | undefined

  const labelsOf = (method: string, route: string, status: number): Record<string, string> => {
    const name = `${method} ${route} ${status}`
    const known = labels.get(name)
    if (known) return known
    const fresh = { method, route, status: String(status) }
    labels.set(name, fresh)
    return fresh
  }

  const write = ({ visit, method, status, bytes, ms }: Waiting): void => {
    metrics.observe('http_request_seconds', ms / 1000, labelsOf(method, visit.route, status))
    lines.info('request', {
      method,
      route: visit.route,
      status,
      ms: Math.round(ms * 100) / 100,
      bytes,
      traceId: visit.traceparent.slice(3, 35),
      user: userHash(visit.actor),
    })
  }

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting
    waiting = []
    for (const one of batch) write(one)
  }

  return {
    record: (visit, { method, status, bytes }) => {
      waiting.push({ visit, method, status, bytes, ms: performance.now() - visit.started })
      if (waiting.length >= mostWaiting) flush()
      else timer ??= setTimeout(flush, waitMs).unref()
    },
    flush,
  }
}
