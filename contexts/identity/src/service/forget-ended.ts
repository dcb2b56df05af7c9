import { forgottenAfterMs } from '../domain/throttle.ts'
import type { Deps } from './deps.ts'

/** Longer than any access token lives: until then the list of revoked sessions needs them. */
const keepMs = 24 * 3_600_000

const untilNone = async (forgetSome: () => Promise<number>): Promise<void> => {
  while ((await forgetSome()) > 0);
}

/** Removes what nobody will ask for again: ended sessions with their tokens, and failures long past. */
export const forgetEnded =
  ({ db, sessions, loginFailures }: Pick<Deps, 'db' | 'sessions' | 'loginFailures'>) =>
  async (): Promise<void> => {
    await untilNone(() => sessions.forget(db, keepMs))
    await untilNone(() => loginFailures.forget(db, forgottenAfterMs))
  }
