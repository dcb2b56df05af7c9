import type { Tx } from '@souk/platform'
import type { Deps } from './deps.ts'

/** Sessions named in one fact at most. */
const perFact = 1000

/**
 * Ends live sessions of a user, all or the given ones, and tells every gateway to refuse their access tokens. Answers
 * how many ended. Takes the account's lock first.
 */
export const revokeSessions =
  ({ accounts, sessions, clock }: Deps) =>
  async (tx: Tx, userId: string, only?: readonly string[]): Promise<number> => {
    if (!(await accounts.lock(tx, userId))) return 0
    const ended = await sessions.revoke(tx, userId, only)
    for (let at = 0; at < ended.length; at += perFact) {
      tx.publish({
        type: 'identity.SessionsRevoked',
        aggregateId: userId,
        aggregateVersion: await accounts.bump(tx, userId),
        payload: { userId, sessionIds: ended.slice(at, at + perFact), at: clock.now().toISOString() },
      })
    }
    return ended.length
  }
