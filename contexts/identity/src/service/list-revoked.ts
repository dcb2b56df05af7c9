import type { ListRevokedAnswer, ListRevokedRequest } from '@souk/contract/identity'
import type { Call } from '@souk/platform'
import type { Deps } from './deps.ts'

/** Added to a token's life: clocks differ, and the list is read a moment before it is used. */
const slackMs = 60_000
const most = 100_000

/** Every revoked session that an access token may still be alive for. */
export const listRevoked =
  ({ db, sessions, settings }: Deps) =>
  async (_: ListRevokedRequest, __: Call): Promise<ListRevokedAnswer> => ({
    sessionIds: await sessions.revokedSince(db, settings.rotation.tokenLifeMs + slackMs, most),
  })
