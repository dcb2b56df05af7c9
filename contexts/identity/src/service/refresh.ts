import { createHmac } from 'node:crypto'
import type { RefreshRequest, TokenAnswer } from '@souk/contract/identity'
import type { Call, Tx } from '@souk/platform'
import { decideRefresh } from '../domain/refresh.ts'
import { signInAgain } from '../faults.ts'
import type { Deps } from './deps.ts'
import { answerTokens, type OpenSession } from './open-session.ts'
import { revokeSessions } from './revoke-sessions.ts'
import { secretHash } from './secret-hash.ts'

/** The one successor of a token: whoever holds the token and our key gets the same, so only hashes are stored. */
const successorOf = (token: string, rotationKey: Buffer): string =>
  createHmac('sha256', rotationKey).update(token).digest('base64url')

type Outcome = { verdict: 'renewed'; opened: OpenSession } | { verdict: 'reuse' | 'refuse' }

export const refresh = (deps: Deps) => {
  const { db, accounts, sessions, settings, metrics, log } = deps
  const answer = answerTokens(deps)
  const revoke = revokeSessions(deps)

  const renew = async (tx: Tx, token: string, userId: string, call: Call): Promise<Outcome> => {
    // The account first, as everywhere, so that freezing and refreshing cannot wait for each other.
    const account = await accounts.hold(tx, userId)
    const hash = secretHash(token)
    const locked = await sessions.lockToken(tx, hash, account?.status === 'ACTIVE')
    if (!locked || !account) return { verdict: 'refuse' }
    const verdict = decideRefresh(locked.presented, locked.now)
    if (verdict === 'refuse' || verdict === 'reuse') return { verdict }
    const successor = successorOf(token, locked.rotationKey)
    if (verdict === 'rotate')
      await sessions.rotate(tx, {
        sessionId: locked.sessionId,
        hash,
        successor: secretHash(successor),
        address: call.address,
        idleMs: settings.sessionIdleMs,
      })
    return { verdict: 'renewed', opened: { account, sessionId: locked.sessionId, refreshToken: successor } }
  }

  return async ({ refreshToken }: RefreshRequest, call: Call): Promise<TokenAnswer> => {
    const owner = refreshToken && (await sessions.ownerOf(db, secretHash(refreshToken)))
    if (!owner) throw signInAgain()
    const outcome = await db.tx((tx) => renew(tx, refreshToken, owner.user_id, call))
    if (outcome.verdict === 'renewed') return answer(outcome.opened)
    if (outcome.verdict === 'reuse') {
      metrics.count('refresh_reuse_total')
      log.warn('refresh token reused', { sessionId: owner.session_id })
      await db.tx((tx) => revoke(tx, owner.user_id, [owner.session_id]))
    }
    throw signInAgain()
  }
}
