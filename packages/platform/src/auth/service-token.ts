import { createHash } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'

/** Proves which context calls: short-lived, made for one callee only. */
export type ServiceTokens = {
  issue(callee: string): Promise<string>
  /** The calling context's name; undefined when the token is not good for `callee`. */
  verify(token: string, callee: string): Promise<string | undefined>
}

const lifeSeconds = 300

/** HS256 under a secret that all processes of one installation share (`SOUK_SERVICE_SECRET`). */
export const createServiceTokens = (secret: string, caller: string): ServiceTokens => {
  const key = createHash('sha256').update(secret).digest()
  const issued = new Map<string, { token: string; until: number }>()
  const checked = new Map<string, { caller: string; until: number }>()
  return {
    issue: async (callee) => {
      const known = issued.get(callee)
      if (known && known.until > Date.now()) return known.token
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256', typ: 'souk-service+jwt' })
        .setIssuer(caller)
        .setAudience(callee)
        .setIssuedAt()
        .setExpirationTime(`${lifeSeconds}s`)
        .sign(key)
      issued.set(callee, { token, until: Date.now() + (lifeSeconds - 60) * 1000 })
      return token
    },
    verify: async (token, callee) => {
      const name = `${callee} ${token}`
      const known = checked.get(name)
      if (known && known.until > Date.now()) return known.caller
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          audience: callee,
          typ: 'souk-service+jwt',
          requiredClaims: ['iss', 'exp'],
        })
        if (checked.size > 1000) checked.clear()
        checked.set(name, { caller: payload.iss!, until: payload.exp! * 1000 })
        return payload.iss
      } catch {
        return undefined
      }
    },
  }
}
