import type { GatewayOptions } from '@souk/gateway'
import { createTokenVerifier } from '@souk/identity'
import { type Host, systemCall } from '@souk/platform'

type Auth = GatewayOptions['auth'] & {
  hear(fact: { type: string; payload: unknown }): void
  /** Loads what was revoked before facts were heard. */
  load(): Promise<void>
}

/** A revoked session is remembered for longer than any access token lives, in milliseconds. */
const revokedForMs = 20 * 60_000

/** An API key is looked up again after so long, in milliseconds; a revocation is heard sooner. */
const apiKeyFreshMs = 2000

/** What the gateway asks about tokens, sessions and keys, answered by identity's typed services. */
export const createAuth = (host: Host, settings: { publicUrl: string }): Auth => {
  const identity = host.client('identity.IdentityService', 'gateway')
  const keys = host.client('identity.AuthService')
  const call = () => systemCall('gateway', { deadlineMs: 2000 })
  const verifier = createTokenVerifier({
    loadKeys: async () => JSON.parse(Buffer.from((await keys.getKeys({}, call())).body).toString('utf8')),
    issuer: settings.publicUrl,
    audience: 'souk',
  })
  const revoked = new Map<string, number>()
  const revoke = (sessionIds: readonly string[]) => {
    const now = Date.now()
    for (const id of sessionIds) revoked.set(id, now)
    for (const [id, at] of revoked) {
      if (at > now - revokedForMs) break
      revoked.delete(id)
    }
  }
  const apiKeys = new Map<
    string,
    { until: number; found: Promise<{ id: string; scopes: readonly string[] } | undefined> }
  >()
  const resolveApiKey: Auth['resolveApiKey'] = (secret) => {
    const known = apiKeys.get(secret)
    if (known && known.until > Date.now()) return known.found
    const found = identity
      .resolveApiKey({ secret }, call())
      .then((key) => (key.found ? { id: key.id, scopes: key.scopes } : undefined))
    found.catch(() => apiKeys.delete(secret))
    if (apiKeys.size > 10_000) apiKeys.clear()
    apiKeys.set(secret, { until: Date.now() + apiKeyFreshMs, found })
    return found
  }
  return {
    verifyAccessToken: (token) => verifier.verify(token),
    isRevoked: (sessionId) => revoked.has(sessionId),
    checkSession: async (sessionId) => {
      const { live, steppedUpUntil } = await identity.checkSession({ sessionId }, call())
      return { live, steppedUpUntil: steppedUpUntil ? new Date(steppedUpUntil) : undefined }
    },
    resolveApiKey,
    load: async () => revoke((await identity.listRevoked({}, call())).sessionIds),
    hear: ({ type, payload }) => {
      if (type === 'identity.SessionsRevoked') revoke((payload as { sessionIds: string[] }).sessionIds)
      if (type === 'identity.ApiKeyRevoked') apiKeys.clear()
    },
  }
}
