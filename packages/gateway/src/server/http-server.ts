import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { fault } from '@souk/kernel'
import type { Patience } from '../options.ts'
import { problemOf, problemType } from '../output/problem.ts'
import { traceparentFrom } from './trace.ts'

/** Bytes of request line and headers together. */
const maxHeaderSize = 16 * 1024
const mostConnections = 20_000
const checkEveryMs = 500

export type Handle = (request: IncomingMessage, response: ServerResponse) => void

export const createHttpServer = (handle: Handle, patience: Patience): Server => {
  const server = createServer(
    {
      maxHeaderSize,
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      keepAliveTimeout: patience.idleMs,
      connectionsCheckingInterval: Math.min(checkEveryMs, patience.headersMs),
      noDelay: true,
    },
    handle,
  )
  server.maxConnections = mostConnections
  server.on('clientError', answerBroken)
  return server
}

const brokenBy: Record<string, 'REQUEST_TIMEOUT' | 'HEADERS_TOO_LARGE'> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
}

/** What could not even be read as a request still gets a proper answer. */
const answerBroken = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const traceId = traceparentFrom(undefined).slice(3, 35)
  const problem = problemOf(fault(brokenBy[error.code ?? ''] ?? 'VALIDATION_FAILED'), 'en', traceId)
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${traceId}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

export type DrainOptions = {
  server: Server
  sockets: ReadonlySet<Socket>
  active: ReadonlySet<ServerResponse>
  graceMs: number
  mostMs: number
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const lastCallMs = 50
const lastCallTurns = 100

/**
 * Lets in who connected before the drain: the system resets connections that wait to be accepted when the port is
 * closed. Time alone would not do: a busy event loop looks at its timers before it looks at the door.
 */
const lastCall = async (): Promise<void> => {
  await pause(lastCallMs)
  for (let turn = 0; turn < lastCallTurns; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/**
 * Ends politely: who is connected is let in, then nobody; whoever is being answered, or sends another request within
 * the grace, is answered and told to close; idle connections are closed after it, everything else at the latest after
 * `mostMs`.
 */
export const drainServer = async ({ server, sockets, active, graceMs, mostMs }: DrainOptions): Promise<void> => {
  const started = performance.now()
  await lastCall()
  // http.Server's own close would at once cut keep-alive connections whose next request may already be on its way.
  const closed = new Promise<void>((resolve) => {
    NetServer.prototype.close.call(server, () => resolve())
  })
  while (sockets.size > 0 && performance.now() - started < mostMs) {
    if (performance.now() - started >= graceMs) closeIdle(sockets, active)
    await pause(20)
  }
  server.closeAllConnections()
  await closed
  server.close()
}

const closeIdle = (sockets: ReadonlySet<Socket>, active: ReadonlySet<ServerResponse>): void => {
  const busy = new Set([...active].map((response) => response.socket))
  for (const socket of sockets) if (!busy.has(socket) && socket.writableLength === 0) socket.destroySoon()
}
