import type { ListSessionsAnswer, ListSessionsRequest } from '@souk/contract/identity'
import { page, pageSize } from '@souk/kernel'
import { type Call, userId } from '@souk/platform'
import { sessionIdOf } from './current-session.ts'
import type { Deps } from './deps.ts'
import { positionOf } from './page-position.ts'
import { presentSession } from './present.ts'

export const listSessions =
  ({ db, sessions }: Deps) =>
  async (req: ListSessionsRequest, call: Call): Promise<ListSessionsAnswer> => {
    const size = pageSize(req.pageSize)
    const rows = await sessions.list(db, userId(call), size, positionOf(req.pageToken))
    const { items, nextPageToken } = page(rows, size, ({ id }) => [id])
    return { sessions: items.map((row) => presentSession(row, sessionIdOf(call))), nextPageToken }
  }
