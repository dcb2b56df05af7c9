import { fromPageToken, invalid, isId } from '@souk/kernel'

/** The id that a page token stands for: lists here go from newer to older ids. */
export const beforeId = (pageToken: string): string | undefined => {
  const [before] = fromPageToken(pageToken, ['string']) ?? []
  if (before !== undefined && !isId(before))
    throw invalid({ field: 'pageToken', rule: 'format', message: 'not a page token of this list' })
  return before
}
