import type { LogoutRequest } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import { sessionIdOf } from './current-session.ts'
import type { Deps } from './deps.ts'
import { revokeSessions } from './revoke-sessions.ts'

/** Ends the session that the token belongs to; a second time changes nothing. */
export const logout = (deps: Deps) => {
  const revoke = revokeSessions(deps)
  return async (_: LogoutRequest, call: Call): Promise<object> => {
    await deps.db.tx((tx) => revoke(tx, userId(call), [sessionIdOf(call)]))
    return {}
  }
}
