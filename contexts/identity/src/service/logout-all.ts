import type { LogoutRequest } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import type { Deps } from './deps.ts'
import { revokeSessions } from './revoke-sessions.ts'

export const logoutAll = (deps: Deps) => {
  const revoke = revokeSessions(deps)
  return async (_: LogoutRequest, call: Call): Promise<object> => {
    await deps.db.tx((tx) => revoke(tx, userId(call)))
    return {}
  }
}
