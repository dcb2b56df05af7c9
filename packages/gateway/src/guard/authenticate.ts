import { fault } from '@souk/kernel'
import type { Actor } from '@souk/platform'
import type { Auth } from '../options.ts'
import { anonymous } from '../server/visit.ts'

const bearer = /^Bearer +([A-Za-z0-9._~+/=-]{1,4096})$/i

/**
 * Who calls, by `Authorization` alone: a signed access token, or an API key (`sk_…`). Nothing is anonymous; anything else
 * that does not verify, or whose session was revoked, is UNAUTHENTICATED.
 */
export const authenticate = async (auth: Auth, authorization: string | undefined): Promise<Actor> => {
  if (authorization === undefined) return anonymous
  const token = bearer.exec(authorization)?.[1]
  const actor = token?.startsWith('sk_') ? await byKey(auth, token) : token ? await byToken(auth, token) : undefined
  if (!actor) throw fault('UNAUTHENTICATED')
  return actor
}

const byKey = async (auth: Auth, secret: string): Promise<Actor | undefined> => {
  const key = await auth.resolveApiKey(secret)
  return key && { kind: 'apiKey', id: key.id, scopes: key.scopes }
}

const byToken = async (auth: Auth, token: string): Promise<Actor | undefined> => {
  const claims = await auth.verifyAccessToken(token)
  if (!claims || auth.isRevoked(claims.sessionId)) return undefined
  return { kind: 'user', id: claims.userId, roles: claims.roles, sessionId: claims.sessionId }
}
