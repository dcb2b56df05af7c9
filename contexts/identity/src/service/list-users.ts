import type { ListUsersAnswer, ListUsersRequest } from '@souk/contract/identity'
import { page, pageSize } from '@souk/kernel'
import type { Call } from '@souk/platform'
import { searchPrefixes } from '../domain/contact.ts'
import type { Deps } from './deps.ts'
import { positionOf } from './page-position.ts'
import { presentUser } from './present.ts'

export const listUsers =
  ({ db, accounts }: Deps) =>
  async (req: ListUsersRequest, _: Call): Promise<ListUsersAnswer> => {
    const size = pageSize(req.pageSize)
    const filter = {
      prefixes: req.q.trim() ? searchPrefixes(req.q) : undefined,
      role: req.role,
      status: req.status === 'ACTIVE' || req.status === 'FROZEN' ? req.status : undefined,
    }
    const rows = await accounts.list(db, filter, size, positionOf(req.pageToken))
    const { items, nextPageToken } = page(rows, size, ({ id }) => [id])
    return { users: items.map(presentUser), nextPageToken }
  }
