import type { TokenAnswer } from '@souk/contract/identity'
import { startContext, type TestContext } from '@souk/platform/testing'
import { decodeJwt } from 'jose'
import { identity } from '../src/index.ts'

export const rightPassword = 'correct horse 电池 staple'

const admin = { SOUK_ADMIN_EMAIL: 'root@example.com', SOUK_ADMIN_PASSWORD: 'a password for tests only' }

/** Identity on its own database, with a known administrator. */
export const startIdentity = (env: Record<string, string> = {}): Promise<TestContext> =>
  startContext(identity, { env: { ...admin, ...env } })

let last = 0
/** An e-mail that nobody has yet. */
export const newEmail = (): string => `buyer${++last}@example.com`

export const register = (app: TestContext, email = newEmail(), password = rightPassword): Promise<TokenAnswer> =>
  app.services['identity.AuthService'].register({ email, password, device: 'test' }, app.as())

export const login = (
  app: TestContext,
  email: string,
  password = rightPassword,
  address?: string,
): Promise<TokenAnswer> =>
  app.services['identity.AuthService'].login({ email, password, device: 'test' }, app.as({ address }))

/** A call with the token of an answer, as the gateway would make it. */
export const asOwner = (
  app: TestContext,
  answer: TokenAnswer,
  more: { steppedUp?: boolean; address?: string } = {},
) => {
  const { sub, sid, roles } = decodeJwt<{ roles: string[]; sid: string }>(answer.accessToken)
  return app.as({ user: sub!, sessionId: sid, roles, ...more })
}

export const sessionOf = (answer: TokenAnswer): string => decodeJwt<{ sid: string }>(answer.accessToken).sid

/** A stepped-up call by the configured administrator. */
export const asAdministrator = async (app: TestContext) => {
  const answer = await login(app, admin.SOUK_ADMIN_EMAIL, admin.SOUK_ADMIN_PASSWORD)
  return asOwner(app, answer, { steppedUp: true })
}

/** The code of what a promise rejects with, or 'ok'. */
export const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  )
