import { connect, type Socket } from 'node:net'

/** One request, ready to be written. */
export type Shot = { verb: string; path: string; headers?: Record<string, string>; body?: string }

export type Outcome = {
  /** Answers per status. */
  statuses: Record<string, number>
  /** Milliseconds per answer, sorted. */
  latencies: Float64Array
  seconds: number
  /** Connections that broke. */
  broken: number
}

const render = (host: string, { verb, path, headers = {}, body }: Shot): string => {
  const lines = [`${verb} ${path} HTTP/1.1`, `host: ${host}`]
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  if (body !== undefined) lines.push('content-type: application/json', `content-length: ${Buffer.byteLength(body)}`)
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}

/** Reads answers from one keep-alive connection; calls back with the status of each. Needs content-length. */
const readAnswers = (socket: Socket, onAnswer: (status: string) => void): void => {
  let pending: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    for (;;) {
      const end = pending.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = pending.toString('latin1', 0, end)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (pending.length < end + 4 + length) return
      pending = pending.subarray(end + 4 + length)
      onAnswer(head.slice(9, 12))
    }
  })
}

/**
 * Closed-model load: each connection sends its next shot as soon as the last is answered, for `seconds`. Raw sockets,
 * so that the generator costs as little as possible of the machine it shares with the system.
 */
export const closedLoad = async (options: {
  port: number
  connections: number
  seconds: number
  shot: (n: number) => Shot
}): Promise<Outcome> => {
  const { port, connections, seconds, shot } = options
  const host = `127.0.0.1:${port}`
  const statuses: Record<string, number> = {}
  const latencies: number[] = []
  let broken = 0
  let n = 0
  const began = performance.now()
  const end = began + seconds * 1000
  const lane = () =>
    new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.setNoDelay(true)
      let sent = 0
      const next = () => {
        if (performance.now() >= end) {
          socket.end()
          return resolve()
        }
        sent = performance.now()
        socket.write(render(host, shot(n++)))
      }
      socket.on('connect', next)
      socket.on('error', () => {})
      socket.on('close', () => {
        if (performance.now() < end) broken++
        resolve()
      })
      readAnswers(socket, (status) => {
        latencies.push(performance.now() - sent)
        statuses[status] = (statuses[status] ?? 0) + 1
        next()
      })
    })
  await Promise.all(Array.from({ length: connections }, lane))
  return {
    statuses,
    latencies: Float64Array.from(latencies).sort(),
    seconds: (performance.now() - began) / 1000,
    broken,
  }
}

/** The p-th percentile of sorted latencies. */
export const percentile = (latencies: Float64Array, p: number): number =>
  latencies[Math.min(latencies.length - 1, Math.floor((latencies.length * p) / 100))] ?? 0
