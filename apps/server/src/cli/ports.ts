import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Listens for a moment; what the system says when it may not. */
const refusalOf = (port: number, bind: string): Promise<Error | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve).listen(port, bind, () => server.close(() => resolve(undefined)))
  })

/** Below the ports that Linux, macOS and Windows give to outgoing connections (from 32768 or 49152 on). */
const [first, end] = [20_000, 32_000]

/**
 * Draws ports of loopback that nobody has, each once. No outgoing connection can take one while its owner is still
 * starting, or is started again. `promised` are somebody's who does not listen yet.
 */
export const createPortPicker = (promised: readonly number[] = []): (() => Promise<number>) => {
  const drawn = new Set(promised.filter((port) => port >= first && port < end))
  return async () => {
    while (drawn.size < end - first) {
      const port = randomInt(first, end)
      if (drawn.has(port)) continue
      drawn.add(port)
      if (!(await refusalOf(port, '127.0.0.1'))) return port
    }
    throw new Error(`no port of ${first}–${end - 1} is free`)
  }
}

/** Waits ten seconds for a port that another still has; then rejects with what the system says. */
export const untilFree = async (port: number, bind: string): Promise<void> => {
  for (let tries = 0; ; tries++) {
    const refusal = await refusalOf(port, bind)
    if (!refusal) return
    if (tries === 50) throw refusal
    await new Promise((wake) => setTimeout(wake, 200))
  }
}
