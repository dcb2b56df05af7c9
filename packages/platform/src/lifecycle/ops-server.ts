import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Metrics } from '../telemetry/metrics.ts'

export type OpsServer = { port: number; close(): Promise<void> }

/**
 * Health and metrics, never on the public port. `/livez` says that the process answers; `/readyz` asks `ready` (own
 * database and migrations only, so that one lost engine does not take the fleet down); `/metrics` is Prometheus text.
 */
export const startOpsServer = async (options: {
  port: number
  bind: string
  ready: () => Promise<boolean>
  metrics: Metrics
}): Promise<OpsServer> => {
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0]
    const say = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'content-type': type }).end(body)
    if (request.method !== 'GET') return say(405, 'text/plain', 'GET only\n')
    if (path === '/livez') return say(200, 'text/plain', 'ok\n')
    if (path === '/readyz') {
      const ready = await options.ready().catch(() => false)
      return say(ready ? 200 : 503, 'text/plain', ready ? 'ok\n' : 'not ready\n')
    }
    if (path === '/metrics') return say(200, 'text/plain; version=0.0.4', await options.metrics.text())
    return say(404, 'text/plain', 'nothing here\n')
  })
  server.requestTimeout = 10_000
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port, options.bind, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
