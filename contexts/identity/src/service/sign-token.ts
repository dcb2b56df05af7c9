import type { Clock } from '@souk/kernel'
import type { Db } from '@souk/platform'
import { importJWK, SignJWT } from 'jose'
import { signingKeyAt } from '../domain/signing-keys.ts'
import type { SigningKey, SigningKeys } from '../store/signing-keys.ts'

/** The only algorithm, for signing and for verifying. */
export const tokenAlgorithm = 'ES256'
/** RFC 9068: an access token is never mistaken for another kind of JWT. */
export const tokenType = 'at+jwt'
export const tokenAudience = 'souk'

/** How long a process works with the keys it read; far less than the lead a new key has. */
const keysAgeMs = 10_000

type Claims = { userId: string; sessionId: string; roles: readonly string[] }
type PrivateKey = Awaited<ReturnType<typeof importJWK>>

export type SignToken = (claims: Claims) => Promise<string>

type Options = { db: Db; clock: Clock; signingKeys: SigningKeys; issuer: string; tokenLifeMs: number }

export const createSignToken = ({ db, clock, signingKeys, issuer, tokenLifeMs }: Options): SignToken => {
  let keys: SigningKey[] = []
  let readAt = Number.NEGATIVE_INFINITY
  let imported: { kid: string; key: PrivateKey } | undefined

  const present = async (): Promise<{ kid: string; key: PrivateKey }> => {
    const now = clock.now()
    if (now.getTime() - readAt > keysAgeMs) {
      keys = await signingKeys.all(db)
      readAt = now.getTime()
    }
    const chosen = signingKeyAt(keys, now)
    if (!chosen) throw new Error('there is no signing key')
    if (imported?.kid !== chosen.kid)
      imported = { kid: chosen.kid, key: await importJWK(chosen.privateJwk, tokenAlgorithm) }
    return imported
  }

  return async ({ userId, sessionId, roles }) => {
    const { kid, key } = await present()
    const issuedAt = Math.floor(clock.now().getTime() / 1000)
    return new SignJWT({ sid: sessionId, roles: [...roles] })
      .setProtectedHeader({ alg: tokenAlgorithm, kid, typ: tokenType })
      .setIssuer(issuer)
      .setAudience(tokenAudience)
      .setSubject(userId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + Math.floor(tokenLifeMs / 1000))
      .sign(key)
  }
}
