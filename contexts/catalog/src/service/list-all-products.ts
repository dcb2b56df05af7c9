import type { ListAllProductsAnswer, ListAllProductsRequest } from '@souk/contract/catalog'
import { fromPageToken, invalid, isId, page, pageSize } from '@souk/kernel'
import type { Deps } from '../deps.ts'
import { presentForStaff } from '../domain/present.ts'
import { searchPatterns } from '../domain/texts.ts'
import { listForStaff } from '../store/read-product.ts'

/** Products in every state for staff, newest first. */
export const listAllProducts =
  ({ db }: Pick<Deps, 'db'>) =>
  async (request: ListAllProductsRequest): Promise<ListAllProductsAnswer> => {
    const before = fromPageToken(request.pageToken, ['string'] as const)?.[0]
    if (before !== undefined && !isId(before))
      throw invalid({ field: 'pageToken', rule: 'format', message: 'not a page token of this list' })
    const size = pageSize(request.pageSize)
    const state = request.state === 'UNSPECIFIED' ? '' : request.state
    const rows = await listForStaff(db, { state, patterns: searchPatterns(request.q), before, limit: size + 1 })
    const { items, nextPageToken } = page(rows, size, ({ id }) => [id])
    return { products: items.map(presentForStaff), nextPageToken }
  }
