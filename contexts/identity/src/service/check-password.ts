import { createHash } from 'node:crypto'
import type { Call, Tx } from '@souk/platform'
import { delayAfter, forgottenAfterMs, networkOf, perAccountAndAddress, perAddress } from '../domain/throttle.ts'
import { credentialsRefused, loginThrottled } from '../faults.ts'
import type { Credentials } from '../store/accounts.ts'
import type { Subjects } from '../store/login-failures.ts'
import type { Deps } from './deps.ts'

/** A password that was right; the last word is `settle`'s, in the transaction that acts on it. */
export type Proof = {
  /**
   * Forgets the failures before. Refuses when so many guesses failed meanwhile that a wait began: otherwise a thousand
   * guesses sent at once would all be judged by the count before them.
   */
  settle(tx: Tx): Promise<void>
}

/** What failures are counted under; `name` is the account's as it was typed, existing or not. */
export const throttleSubjects = (name: string, address: string): Subjects => {
  const network = networkOf(address)
  const pair = createHash('sha256').update(`${name}\n${network}`).digest('base64url')
  return { pair: `account:${pair}`, address: `address:${network}` }
}

/**
 * Proves a person by password, with the same words and after the same work whether the account exists, is frozen, or
 * the password is wrong. Failures make the next try wait longer: for this address at this account, and for this
 * address. Other addresses are not touched, so no stranger can lock an owner out.
 */
export const checkPassword = ({ db, loginFailures, passwords, metrics, settings: { throttled } }: Deps) => {
  const refuseWhileWaiting = async (subjects: Subjects) => {
    const seconds = await loginFailures.wait(db, subjects)
    if (seconds > 0) throw throttledBy(seconds)
  }
  const throttledBy = (seconds: number) => {
    metrics.count('login_throttled_total')
    return loginThrottled(seconds)
  }
  const noteFailure = (subjects: Subjects) =>
    db.tx(async (tx) => {
      const counted = await loginFailures.count(tx, subjects, forgottenAfterMs)
      const delays = counted.map(({ subject, failures }) => ({
        subject,
        ms: delayAfter(failures, subject === subjects.pair ? perAccountAndAddress : perAddress),
      }))
      await loginFailures.block(
        tx,
        delays.filter(({ ms }) => ms > 0),
      )
    })

  return async (name: string, found: Credentials | undefined, password: string, call: Call): Promise<Proof> => {
    const subjects = throttleSubjects(name, call.address)
    if (throttled) await refuseWhileWaiting(subjects)
    const right = await passwords.matches(found?.passwordHash, password, call.deadline)
    if (!right || found?.account.status !== 'ACTIVE') {
      metrics.count('login_failures_total')
      if (throttled) await noteFailure(subjects)
      throw credentialsRefused()
    }
    return {
      settle: async (tx) => {
        const seconds = throttled ? await loginFailures.settle(tx, subjects) : 0
        if (seconds > 0) throw throttledBy(seconds)
      },
    }
  }
}
