import type { ListProductsAnswer, ListProductsRequest } from '@souk/contract/catalog'
import { fromPageToken, invalid, isId, page, pageSize } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { presentSummary } from '../domain/present.ts'
import { searchPatterns } from '../domain/texts.ts'
import { type ListedRow, type ListSort, listProducts as listRows, type Position } from '../store/listing.ts'

const positions: Record<ListSort, { shape: 'number' | 'string'; of: (row: ListedRow) => number | string }> = {
  newest: { shape: 'number', of: (row) => row.newest },
  price: { shape: 'number', of: (row) => row.shelf_price },
  '-price': { shape: 'number', of: (row) => row.shelf_price },
  name: { shape: 'string', of: (row) => row.sort_name },
}

/** Published products, one page of one order; ties are broken by id, so no product is shown twice or left out. */
export const listProducts =
  ({ db }: Pick<Deps, 'db'>) =>
  async (request: ListProductsRequest, call: Call): Promise<ListProductsAnswer> => {
    const sort = (request.sort || 'newest') as ListSort
    const size = pageSize(request.pageSize)
    const rows = await listRows(db, {
      category: request.categoryId,
      brand: request.brandId,
      patterns: searchPatterns(request.q),
      minPrice: request.minPrice,
      maxPrice: request.maxPrice,
      sort,
      after: afterToken(request.pageToken, sort),
      limit: size + 1,
    })
    const { items, nextPageToken } = page(rows, size, (row) => [sort, positions[sort].of(row), row.id])
    return { products: items.map((row) => presentSummary(row, call.locale)), nextPageToken }
  }

/** A token of another order is no position in this one. */
const afterToken = (token: string, sort: ListSort): Position | undefined => {
  const position = fromPageToken(token, ['string', positions[sort].shape, 'string'] as const)
  if (!position) return undefined
  const [order, value, id] = position
  if (order !== sort || !isId(id) || (typeof value === 'number' && !Number.isSafeInteger(value)))
    throw invalid({ field: 'pageToken', rule: 'format', message: 'not a page token of this list' })
  return [value, id]
}
