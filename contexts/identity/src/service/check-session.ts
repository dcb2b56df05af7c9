import type { CheckSessionAnswer, CheckSessionRequest } from '@souk/contract/identity'
import type { Call } from '@souk/platform'
import type { Deps } from './deps.ts'

/** Straight from the rows, never from a cache: what step-up verbs rely on. */
export const checkSession =
  ({ db, sessions }: Deps) =>
  async ({ sessionId }: CheckSessionRequest, _: Call): Promise<CheckSessionAnswer> => {
    const session = await sessions.check(db, sessionId)
    return { live: session !== undefined, steppedUpUntil: session?.steppedUpUntil?.toISOString() }
  }
