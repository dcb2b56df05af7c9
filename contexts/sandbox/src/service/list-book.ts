import type { ListBookAnswer, ListBookRequest } from '@souk/contract/sandbox'
import { fromPageToken, invalid, isId, page } from '@souk/kernel'
import type { Deps } from '../deps.ts'

/** Entries of one page of the statement. */
const size = 1000

const positionOf = (pageToken: string): readonly [string, string] | undefined => {
  const position = fromPageToken(pageToken, ['string', 'string'] as const)
  if (position && (Number.isNaN(Date.parse(position[0])) || !isId(position[1])))
    throw invalid({ field: 'pageToken', rule: 'format', message: 'not a page token of this list' })
  return position
}

export const listBook =
  ({ db, store }: Deps) =>
  async ({ pageToken }: ListBookRequest): Promise<ListBookAnswer> => {
    const rows = await store.listBook(db, size, positionOf(pageToken))
    const { items, nextPageToken } = page(rows, size, (entry) => [entry.at ?? '', entry.id])
    return { entries: items, nextPageToken }
  }
