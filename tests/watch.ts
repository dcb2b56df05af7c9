import { Agent, get } from 'node:http'

export type Seen<T> = { connection: number; sentAt: number; status: number; etag?: string; value: T }

export type Watch<T> = {
  seen: readonly Seen<T>[]
  stop(): Promise<readonly Seen<T>[]>
}

const asked = (url: string, agent: Agent, headers: Record<string, string>) =>
  new Promise<{ status: number; etag?: string; text: string }>((resolve, reject) => {
    const asking = get(url, { agent, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode!, etag: answer.headers.etag, text }))
      answer.on('error', reject)
    })
    asking.on('error', reject)
  })

/**
 * Asks one address over and over on so many connections of their own, each of which stays with the gateway that accepted
 * it. Times are of the monotonic clock, in milliseconds.
 */
export const watch = <T>(
  url: string,
  connections: number,
  read: (body: any, status: number) => T,
  headers: Record<string, string> = {},
): Watch<T> => {
  const seen: Seen<T>[] = []
  let over = false
  const workers = Array.from({ length: connections }, async (_, connection) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!over) {
      const sentAt = performance.now()
      const { status, etag, text } = await asked(url, agent, headers)
      seen.push({ connection, sentAt, status, etag, value: read(JSON.parse(text), status) })
      await new Promise((wake) => setTimeout(wake, 10))
    }
    agent.destroy()
  })
  return {
    seen,
    stop: async () => {
      over = true
      await Promise.all(workers)
      return seen
    },
  }
}
