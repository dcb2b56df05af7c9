import { connect, type Socket } from 'node:net'

/** One request, ready to be written. */
export type Shot = { verb: string; path: string; headers?: Record<string, string>; body?: string }
export type Answer = { status: number; head: string; body: string }

/** One keep-alive connection; a shot at a time. */
export type Lane = { send(shot: Shot): Promise<Answer>; close(): void; readonly closed: boolean }

const render = (host: string, { verb, path, headers = {}, body }: Shot): string => {
  let head = `${verb} ${path} HTTP/1.1\r\nhost: ${host}\r\n`
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`
  return body === undefined
    ? `${head}\r\n`
    : `${head}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

const lengthOf = (head: string): number => Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)

/**
 * Raw sockets, so that the generator costs as little as possible of the machine it shares with the system. Understands
 * what our own servers answer: content-length, no chunks.
 */
export const openLane = (port: number): Promise<Lane> =>
  new Promise((resolve, reject) => {
    const host = `127.0.0.1:${port}`
    const socket: Socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    let pending: Buffer = Buffer.alloc(0)
    let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined
    const settle = () => {
      const end = pending.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = pending.toString('latin1', 0, end)
      const size = end + 4 + lengthOf(head)
      if (pending.length < size) return
      const bytes = pending.subarray(end + 4, size)
      const answer = {
        status: Number(head.slice(9, 12)),
        head,
        // Most bodies are never looked at; as text each would cost the generator as much as all the rest of its shot.
        get body() {
          return bytes.toString('utf8')
        },
      }
      pending = pending.subarray(size)
      waiting?.resolve(answer)
      waiting = undefined
    }
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      settle()
    })
    socket.on('error', (error) => {
      waiting?.reject(error)
      reject(error)
    })
    socket.on('close', () => waiting?.reject(new Error('the connection was closed')))
    socket.on('connect', () =>
      resolve({
        send: (shot) =>
          new Promise((onAnswer, onError) => {
            // A write into it would be forgotten without a word.
            if (socket.destroyed) return onError(new Error('the connection was closed'))
            waiting = { resolve: onAnswer, reject: onError }
            socket.write(render(host, shot))
          }),
        close: () => void socket.end(),
        get closed() {
          return socket.destroyed
        },
      }),
    )
  })
