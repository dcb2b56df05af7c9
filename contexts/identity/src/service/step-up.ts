import type { StepUpAnswer, StepUpRequest } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import { signInAgain } from '../faults.ts'
import { checkPassword } from './check-password.ts'
import { sessionIdOf } from './current-session.ts'
import { type Deps, stepUpMs } from './deps.ts'

/** Re-authentication of a live session, throttled like signing in. */
export const stepUp = (deps: Deps) => {
  const { db, accounts, sessions } = deps
  const prove = checkPassword(deps)
  return async ({ password }: StepUpRequest, call: Call): Promise<StepUpAnswer> => {
    const found = await accounts.credentialsById(db, userId(call))
    const proof = await prove(`id:${userId(call)}`, found, password, call)
    const until = await db.tx(async (tx) => {
      await proof.settle(tx)
      return sessions.stepUp(tx, sessionIdOf(call), userId(call), stepUpMs)
    })
    if (!until) throw signInAgain()
    return { validUntil: until.toISOString() }
  }
}
