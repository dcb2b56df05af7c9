import { hash } from 'node:crypto'
import { type Clock, fault, systemClock } from '@souk/kernel'
import { decodeProtectedHeader, importJWK, type JSONWebKeySet, type JWK, type JWTPayload, jwtVerify } from 'jose'
import { tokenAlgorithm, tokenType } from './sign-token.ts'

/** Whom an access token stands for. Shared between calls: never change it. */
export type TokenUser = { readonly userId: string; readonly roles: readonly string[]; readonly sessionId: string }

export type TokenVerifier = {
  /**
   * Undefined for everything that is not a valid access token of ours. Rejects with UNAVAILABLE only when no key could
   * ever be read, since then nobody can tell. Whether the session was revoked is not looked at here.
   */
  verify(token: string): Promise<TokenUser | undefined>
}

export type VerifierOptions = {
  /** The key set of `GET /.well-known/jwks.json`; the only source of keys, whatever a token's header says. */
  loadKeys: () => Promise<JSONWebKeySet>
  issuer: string
  audience: string
  clock?: Clock
  /** Verified tokens remembered; default 20,000. */
  remembered?: number
  /** Milliseconds between two looks for an unknown key id; default 5,000. */
  coolDownMs?: number
  /** Milliseconds after which keys are read again, so that retired ones go; default 60,000. */
  keysAgeMs?: number
}

type PublicKey = Awaited<ReturnType<typeof importJWK>>
type Remembered = { user: TokenUser; kid: string; expiresAt: number }

/** Clocks of two machines may differ by this many seconds. */
const leeway = 5
const longestToken = 4096
const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/

const isOurs = (jwk: JWK): boolean =>
  jwk.kty === 'EC' && jwk.crv === 'P-256' && jwk.alg === tokenAlgorithm && typeof jwk.kid === 'string' && !jwk.d

const importKeys = async ({ keys }: JSONWebKeySet): Promise<Map<string, PublicKey>> => {
  const ours = keys.filter(isOurs)
  return new Map(await Promise.all(ours.map(async (jwk) => [jwk.kid!, await importJWK(jwk, tokenAlgorithm)] as const)))
}

/** The published keys by id: read once at a time, again when old or when an unknown id appears, never more often than the cool-down. */
const createKeySource = (load: () => Promise<JSONWebKeySet>, clock: Clock, coolDownMs: number, keysAgeMs: number) => {
  let keys = new Map<string, PublicKey>()
  let triedAt = Number.NEGATIVE_INFINITY
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  const readOnce = async (): Promise<void> => {
    triedAt = clock.now().getTime()
    try {
      keys = await importKeys(await load())
      readAt = clock.now().getTime()
    } finally {
      reading = undefined
    }
  }
  const read = (): Promise<void> => {
    reading ??= readOnce()
    return reading
  }
  /** Old keys go on serving while new ones cannot be read. */
  const readQuietly = () => read().catch(() => {})

  return async (kid: string): Promise<PublicKey | undefined> => {
    const now = clock.now().getTime()
    if (readAt === Number.NEGATIVE_INFINITY)
      await read().catch((error: unknown) => {
        throw fault('UNAVAILABLE', { reason: 'no keys of access tokens' }, error)
      })
    else if (reading || now - triedAt >= coolDownMs) {
      if (!keys.has(kid)) await readQuietly()
      else if (now - readAt >= keysAgeMs) void readQuietly()
    }
    return keys.get(kid)
  }
}

/** A bounded map that forgets what was not used for longest. */
const createMemory = (most: number) => {
  const entries = new Map<string, Remembered>()
  return {
    get: (name: string, now: number): Remembered | undefined => {
      const entry = entries.get(name)
      if (!entry) return undefined
      entries.delete(name)
      if (entry.expiresAt <= now) return undefined
      entries.set(name, entry)
      return entry
    },
    set: (name: string, entry: Remembered): void => {
      if (entries.size >= most) entries.delete(entries.keys().next().value!)
      entries.set(name, entry)
    },
  }
}

const keyIdOf = (token: string): string | undefined => {
  try {
    const { alg, kid, typ } = decodeProtectedHeader(token)
    return alg === tokenAlgorithm && typ === tokenType ? kid : undefined
  } catch {
    return undefined
  }
}

const userOf = ({ sub, sid, roles }: JWTPayload): TokenUser | undefined =>
  typeof sub === 'string' &&
  typeof sid === 'string' &&
  Array.isArray(roles) &&
  roles.every((role) => typeof role === 'string')
    ? Object.freeze({ userId: sub, sessionId: sid, roles: Object.freeze([...roles]) })
    : undefined

/** Checks access tokens for the gateway: one algorithm, our keys, our issuer, audience and type. */
export const createTokenVerifier = (options: VerifierOptions): TokenVerifier => {
  const { issuer, audience, clock = systemClock, remembered = 20_000, coolDownMs = 5000, keysAgeMs = 60_000 } = options
  const keyOf = createKeySource(options.loadKeys, clock, coolDownMs, keysAgeMs)
  const memory = createMemory(remembered)

  const payloadOf = async (token: string, key: PublicKey): Promise<JWTPayload | undefined> => {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [tokenAlgorithm],
        issuer,
        audience,
        typ: tokenType,
        requiredClaims: ['sub', 'sid', 'roles', 'iat', 'exp'],
        clockTolerance: leeway,
        currentDate: clock.now(),
      })
      return payload
    } catch {
      return undefined
    }
  }

  const verify = async (token: string): Promise<TokenUser | undefined> => {
    if (token.length > longestToken || !compact.test(token)) return undefined
    const name = hash('sha256', token)
    const known = memory.get(name, clock.now().getTime())
    // Asked even for a remembered token: its key may have been retired since.
    if (known) return (await keyOf(known.kid)) && known.user
    const kid = keyIdOf(token)
    const key = kid === undefined ? undefined : await keyOf(kid)
    const payload = key && (await payloadOf(token, key))
    const user = payload && userOf(payload)
    if (user) memory.set(name, { user, kid: kid!, expiresAt: (payload.exp! + leeway) * 1000 })
    return user
  }
  return { verify }
}
