import type { RevokeSessionRequest } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'
import { revokeSessions } from './revoke-sessions.ts'

/** Ends one of the caller's own live sessions; others are not found. */
export const revokeSession = (deps: Deps) => {
  const revoke = revokeSessions(deps)
  return async ({ id }: RevokeSessionRequest, call: Call): Promise<object> => {
    const ended = await deps.db.tx((tx) => revoke(tx, userId(call), [id]))
    if (ended === 0) throw notFound()
    return {}
  }
}
