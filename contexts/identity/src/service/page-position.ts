import { fromPageToken, invalid, isId } from '@souk/kernel'

/** The id after which a page of one of our lists begins; every list here goes by id, newest first. */
export const positionOf = (pageToken: string): string | undefined => {
  const [id] = fromPageToken(pageToken, ['string'] as const) ?? []
  if (id !== undefined && !isId(id))
    throw invalid({ field: 'pageToken', rule: 'format', message: 'not a page token of this list' })
  return id
}
