import { mkdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createApp } from './app.ts'
import { createEdgeCache } from './cache/edge-cache.ts'
import { createFront } from './cache/front.ts'
import { createLoad } from './guard/load.ts'
import { createRateLimit } from './guard/rate-limit.ts'
import { createShed } from './guard/shed.ts'
import { dropLeftovers } from './input/leftovers.ts'
import type { Gateway, GatewayOptions, Patience } from './options.ts'
import { createAccessLog } from './output/access-log.ts'
import { commonHeaders, createCors } from './output/headers.ts'
import { contractRoutes } from './routes.ts'
import { createArrivals } from './server/arrivals.ts'
import { createAddressOf } from './server/client-address.ts'
import { createHttpServer, drainServer } from './server/http-server.ts'

/** What two cores answer within a fraction of a deadline; answers at hand do not count. */
const defaultLeastInFlight = 216
const defaultAnswerWithinMs = 100
const defaultCacheBytes = 64 * 1024 * 1024
const defaultPatience: Patience = { headersMs: 10_000, bodyMs: 15_000, requestMs: 300_000, idleMs: 65_000 }
const defaultDrainGraceMs = 500
const drainMostMs = 20_000
const tidyEveryMs = 3_600_000
/** Connections that wait to be accepted; a burst of buyers must not see a refused connection. */
const backlog = 2_048

/**
 * The front door: REST as the contract declares it, and nothing else. It knows methods, not contexts: every request ends
 * in `invoke`.
 */
export const createGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { auth, invoke, log, tempDir, publicUrl, pages } = options
  const patience = { ...defaultPatience, ...options.patience }
  await mkdir(tempDir, { recursive: true, mode: 0o700 })
  const tidy = () => dropLeftovers({ folder: tempDir, olderThanMs: 2 * patience.requestMs, log })
  await tidy()
  const tidying = setInterval(tidy, tidyEveryMs).unref()
  const cors = createCors(options.corsOrigins)
  const common = commonHeaders(publicUrl)
  const cache = createEdgeCache({ maxBytes: options.cacheBytes ?? defaultCacheBytes })
  const limit = options.rateLimits ? createRateLimit() : undefined
  const accessLog = createAccessLog(log, options.metrics)
  const addressOf = createAddressOf(options.trustedProxies ?? [])
  const load = createLoad({
    least: options.leastInFlight ?? defaultLeastInFlight,
    answerWithinMs: options.answerWithinMs ?? defaultAnswerWithinMs,
  })
  const fronts = [
    createFront({ cache, common, accessLog, limit, addressOf }),
    createShed({ load, common, cors, accessLog, addressOf }),
  ]
  const arrivals = createArrivals({ fronts, common, cors, accessLog, addressOf })
  const { origins } = cors
  const app = await createApp({
    guard: { auth, load, limit, log },
    handle: {
      invoke,
      log,
      cache,
      tempDir,
      patienceMs: patience.bodyMs,
      publicOrigin: new URL(publicUrl).origin,
      origins,
    },
    cors,
    pages,
  })
  const server = createHttpServer((request, response) => {
    if (!arrivals.admit(request, response)) app.routing(request, response)
  }, patience)
  const sockets = socketsOf(server)
  const deafen = options.broadcast(cache.hear)

  return {
    listen: () => listen(server, options),
    drain: async () => {
      arrivals.startDraining()
      await drainServer({
        server,
        sockets,
        active: arrivals.active,
        graceMs: options.drainGraceMs ?? defaultDrainGraceMs,
        mostMs: drainMostMs,
      })
      deafen()
      clearInterval(tidying)
      cache.close()
      await app.close()
      accessLog.flush()
    },
    inFlight: () => arrivals.active.size,
    routes: () => contractRoutes.map(({ verb, path }) => ({ verb, path })),
  }
}

const socketsOf = (server: Server): ReadonlySet<Socket> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

const listen = (server: Server, { port, bind, reusePort }: GatewayOptions): Promise<{ port: number }> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: bind, reusePort, backlog }, () => {
      server.off('error', reject)
      resolve({ port: (server.address() as AddressInfo).port })
    })
  })
