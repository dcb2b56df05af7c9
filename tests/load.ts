import { Agent, request } from 'node:http'

/** One request and what became of it. */
export type Sent = {
  what: string
  /** When its last byte had left, on the monotonic clock in milliseconds; undefined when it never did. */
  sentAt?: number
  status?: number
  text: string
  error?: string
}

export type Wish = {
  what: string
  verb: 'GET' | 'POST'
  path: string
  headers?: () => Record<string, string>
  body?: unknown
  fresh?: boolean
}

const ask = (base: string, agent: Agent, { what, verb, path, headers, body }: Wish): Promise<Sent> =>
  new Promise((resolve) => {
    const sent: Sent = { what, text: '' }
    const text = body === undefined ? undefined : JSON.stringify(body)
    const asking = request(base + path, {
      agent,
      method: verb,
      headers: {
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...headers?.(),
      },
    })
    asking.on('finish', () => {
      sent.sentAt = performance.now()
    })
    asking.on('error', (error: NodeJS.ErrnoException) => resolve({ ...sent, error: error.code ?? error.message }))
    asking.on('response', (answer) => {
      sent.status = answer.statusCode
      answer.on('data', (chunk) => {
        sent.text += chunk
      })
      answer.on('error', (error: NodeJS.ErrnoException) => resolve({ ...sent, error: error.code ?? error.message }))
      answer.on('end', () => resolve(sent))
    })
    asking.end(text)
  })

/**
 * Each wish is asked for again and again, one request at a time, until `stop` or until nobody answers any more. A fresh
 * wish opens a connection for every request; the others keep theirs.
 */
export const startLoad = (base: string, wishes: readonly Wish[]) => {
  const all: Sent[] = []
  let over = false
  const workers = wishes.map(async (wish) => {
    const agent = new Agent({ keepAlive: !wish.fresh, maxSockets: 1 })
    while (!over) {
      const sent = await ask(base, agent, wish)
      all.push(sent)
      if (sent.error === 'ECONNREFUSED') break
    }
    agent.destroy()
  })
  return {
    soFar: (): readonly Sent[] => all,
    stop: async (): Promise<readonly Sent[]> => {
      over = true
      await Promise.all(workers)
      return all
    },
  }
}
