import { lookup as lookupName } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { Agent } from 'undici'
import { isPublicAddress, pictureUrlProblem } from '../domain/public-address.ts'

/** Fetches a picture from the internet. Throws an Error whose message says in plain words why not. */
export type FetchPicture = (url: string) => Promise<Buffer>

type Guard = {
  /** Why an address must not be asked at all. */
  urlProblem: (url: string) => string | undefined
  /** Whether a resolved address may be connected to. */
  allows: (address: string) => boolean
  timeoutMs: number
  mostBytes: number
}

const shield: Guard = {
  urlProblem: pictureUrlProblem,
  allows: isPublicAddress,
  timeoutMs: 5000,
  mostBytes: 5 * 1024 * 1024,
}

class Refusal extends Error {}

/** Resolves a name once and hands out only what was checked, so that the connection goes where the check looked. */
const guardedLookup =
  ({ allows }: Guard): LookupFunction =>
  (hostname, options, callback) => {
    lookupName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      if (addresses.length === 0 || !addresses.every(({ address }) => allows(address)))
        return callback(new Refusal('not a public address'), [])
      if (options.all) callback(null, addresses)
      else callback(null, addresses[0]!.address, addresses[0]!.family)
    })
  }

const openAgent = async (guard: Guard): Promise<Agent> => {
  const { Agent, buildConnector } = await import('undici')
  const connect = buildConnector({ lookup: guardedLookup(guard), timeout: guard.timeoutMs })
  return new Agent({
    connections: 4,
    pipelining: 1,
    keepAliveTimeout: 1000,
    connect: (options, callback) =>
      connect(options, (error, socket) => {
        if (!socket) return callback(error ?? new Error('no connection'), null)
        // Addresses written as such are not looked up: the last word is whom the socket reached.
        if (guard.allows(socket.remoteAddress ?? '')) return callback(null, socket)
        socket.destroy()
        callback(new Refusal('not a public address'), null)
      }),
  })
}

const words = (error: unknown, guard: Guard): string => {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof Refusal) return at.message
    if (at.name === 'TimeoutError' || /timeout/i.test(at.message)) return `no answer within ${guard.timeoutMs / 1000} s`
  }
  return 'could not be fetched'
}

const read = async (agent: Agent, url: string, guard: Guard): Promise<Buffer> => {
  const { request } = await import('undici')
  const { statusCode, headers, body } = await request(url, {
    dispatcher: agent,
    signal: AbortSignal.timeout(guard.timeoutMs),
    headers: { accept: 'image/*', 'user-agent': 'souk-import' },
  })
  try {
    if (statusCode >= 300 && statusCode < 400) throw new Refusal('redirects are not followed')
    if (statusCode !== 200) throw new Refusal(`answered ${statusCode}`)
    if (Number(headers['content-length'] ?? 0) > guard.mostBytes) throw new Refusal('larger than 5 MB')
    const parts: Buffer[] = []
    let size = 0
    for await (const part of body) {
      size += part.length
      if (size > guard.mostBytes) throw new Refusal('larger than 5 MB')
      parts.push(part)
    }
    return Buffer.concat(parts)
  } finally {
    body.on('error', () => {}).destroy()
  }
}

/**
 * The way out for picture addresses of import files: https only, public addresses only (checked on what the name
 * resolves to and again on the open connection), no redirects, 5 s, 5 MB. Tests pass another guard.
 */
export const createFetchPicture = (guard: Guard = shield): FetchPicture => {
  let agent: Promise<Agent> | undefined
  return async (url) => {
    const problem = guard.urlProblem(url)
    if (problem) throw new Error(problem)
    agent ??= openAgent(guard)
    const opened = await agent
    return read(opened, url, guard).catch((error: unknown) => {
      throw new Error(words(error, guard), { cause: error })
    })
  }
}

/** For places that must not reach the internet. */
export const fetchNothing: FetchPicture = async () => {
  throw new Error('pictures are not fetched here')
}
