import { randomBytes } from 'node:crypto'
import type { TokenAnswer } from '@souk/contract/identity'
import { newId, newSecret } from '@souk/kernel'
import type { Call, Tx } from '@souk/platform'
import type { Account } from '../domain/account.ts'
import { deviceName } from '../domain/device.ts'
import { type Deps, stepUpMs } from './deps.ts'
import { presentUser } from './present.ts'
import { secretHash } from './secret-hash.ts'

/** A session that was just opened or renewed, before its access token is signed. */
export type OpenSession = { account: Account; sessionId: string; refreshToken: string }

/** A new family of refresh tokens; undefined when the account is not active any more. */
export const openSession =
  ({ sessions, settings }: Deps) =>
  async (tx: Tx, userId: string, device: string, call: Call): Promise<OpenSession | undefined> => {
    const sessionId = newId()
    const refreshToken = newSecret(32)
    const account = await sessions.open(tx, {
      id: sessionId,
      userId,
      device: deviceName(device),
      address: call.address,
      tokenHash: secretHash(refreshToken),
      rotationKey: randomBytes(32),
      idleMs: settings.sessionIdleMs,
      stepUpMs,
    })
    return account && { account, sessionId, refreshToken }
  }

/** The answer that clients sign in with; outside the transaction, since signing may read keys. */
export const answerTokens =
  ({ signToken, settings }: Deps) =>
  async ({ account, sessionId, refreshToken }: OpenSession): Promise<TokenAnswer> => ({
    accessToken: await signToken({ userId: account.id, sessionId, roles: account.roles }),
    expiresIn: Math.floor(settings.rotation.tokenLifeMs / 1000),
    refreshToken,
    user: presentUser(account),
  })
