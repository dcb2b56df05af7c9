import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { MethodEntry } from '@souk/contract/methods'
import type { Call, Log, LogFields } from '@souk/platform'
import { createGateway, type GatewayOptions, type HeardFact } from '../src/index.ts'

export type Invoked = { entry: MethodEntry; request: Record<string, unknown>; call: Call }
export type Line = { level: string; event: string; fields: LogFields }
export type Reply = (invoked: Invoked) => unknown

type Given = Record<string, string | undefined>

export type Shop = {
  url: string
  port: number
  gateway: Awaited<ReturnType<typeof createGateway>>
  /** Everything that reached a verb. */
  calls: Invoked[]
  lines: Line[]
  measured: { name: string; labels: Record<string, string> }[]
  tempDir: string
  tell(fact: HeardFact): void
  get(path: string, headers?: Given): Promise<Response>
  post(path: string, body?: unknown, headers?: Given): Promise<Response>
  send(method: string, path: string, init?: RequestInit): Promise<Response>
}

const present = (headers: Given): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

const recordingLog = (lines: Line[], base: LogFields = {}): Log => {
  const write =
    (level: string) =>
    (event: string, fields: LogFields = {}): void => {
      lines.push({ level, event, fields: { ...base, ...fields } })
    }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => recordingLog(lines, { ...base, ...fields }),
  }
}

/** Tokens of the fake identity: `user:<id>`, `staff:<role>`; `sk_<scope>` for keys. Dots stand for what a token may not hold. */
const testAuth: GatewayOptions['auth'] = {
  verifyAccessToken: async (token) => {
    const [kind, id] = token.split('.')
    if (kind === 'user' && id) return { userId: id, roles: [], sessionId: `session-of-${id}` }
    if (kind === 'staff' && id) return { userId: `u-${id}`, roles: [id], sessionId: `session-of-${id}` }
    return undefined
  },
  isRevoked: (sessionId) => sessionId === 'session-of-gone',
  checkSession: async (sessionId) => {
    if (sessionId === 'session-of-ended') return { live: false }
    if (sessionId === 'session-of-finance') return { live: true, steppedUpUntil: new Date(Date.now() + 60_000) }
    if (sessionId === 'session-of-support') return { live: true, steppedUpUntil: new Date(Date.now() - 1_000) }
    return { live: true }
  },
  resolveApiKey: async (secret) =>
    secret === 'sk_stock' ? { id: 'key-1', scopes: ['inventory:operate', 'payment:refund'] } : undefined,
}

/** A gateway over real HTTP; only the verbs behind it are played. */
export const openShop = async (
  t: TestContext,
  reply: Reply = () => ({}),
  options: Partial<GatewayOptions> = {},
): Promise<Shop> => {
  const tempDir = await mkdtemp(join(tmpdir(), 'souk-gateway-'))
  const calls: Invoked[] = []
  const lines: Line[] = []
  const measured: Shop['measured'] = []
  const listeners = new Set<(fact: HeardFact) => void>()
  const gateway = await createGateway({
    invoke: async (entry, request, call) => {
      const invoked = { entry, request: request as Record<string, unknown>, call }
      calls.push(invoked)
      return reply(invoked)
    },
    auth: testAuth,
    broadcast: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    publicUrl: 'http://shop.test',
    corsOrigins: [],
    rateLimits: false,
    port: 0,
    bind: '127.0.0.1',
    log: recordingLog(lines),
    metrics: {
      count: () => {},
      set: () => {},
      observe: (name, _seconds, labels = {}) => measured.push({ name, labels }),
      text: async () => '',
    },
    tempDir,
    drainGraceMs: 0,
    ...options,
  })
  const { port } = await gateway.listen()
  t.after(async () => {
    await gateway.drain()
    await rm(tempDir, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  const send: Shop['send'] = (method, path, init = {}) => fetch(`${url}${path}`, { method, ...init })
  return {
    url,
    port,
    gateway,
    calls,
    lines,
    measured,
    tempDir,
    tell: (fact) => {
      for (const listener of listeners) listener(fact)
    },
    send,
    get: (path, headers = {}) => send('GET', path, { headers: present(headers) }),
    post: (path, body, headers = {}) =>
      send('POST', path, {
        headers: { 'content-type': 'application/json', ...present(headers) },
        body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
      }),
  }
}

export const asUser = (id: string): Record<string, string> => ({ authorization: `Bearer user.${id}` })
export const asStaff = (role: string): Record<string, string> => ({ authorization: `Bearer staff.${role}` })

export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  code: string
  traceId: string
  violations?: { field: string; rule: string; message: string }[]
  params?: Record<string, unknown>
}

export const problem = async (answer: Response): Promise<Problem> => (await answer.json()) as Problem

/** Writes bytes to the port as they are and gives back everything that comes until the other side closes. */
export const rawRequest = (
  port: number,
  bytes: string | Buffer,
  options: { endAfterMs?: number } = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
    if (options.endAfterMs) setTimeout(() => socket.end(), options.endAfterMs)
  })

/** A promise that is settled from outside. */
export const held = <T>(): { promise: Promise<T>; release: (value: T) => void } => {
  const { promise, resolve } = Promise.withResolvers<T>()
  return { promise, release: resolve }
}
