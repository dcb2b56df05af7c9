import type { ListApiKeysAnswer, ListApiKeysRequest } from '@souk/contract/identity'
import { page, pageSize } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { Deps } from './deps.ts'
import { positionOf } from './page-position.ts'
import { presentApiKey } from './present.ts'

export const listApiKeys =
  ({ db, apiKeys }: Deps) =>
  async (req: ListApiKeysRequest, _: Call): Promise<ListApiKeysAnswer> => {
    const size = pageSize(req.pageSize)
    const { items, nextPageToken } = page(await apiKeys.list(db, size, positionOf(req.pageToken)), size, ({ id }) => [
      id,
    ])
    return { apiKeys: items.map(presentApiKey), nextPageToken }
  }
