import type { ExportProductsRequest } from '@souk/contract/catalog'
import type { RawAnswer } from '@souk/contract/common'
import { fromPageToken, invalid, isId, toPageToken } from '@souk/kernel'
import type { Deps } from '../deps.ts'
import { csvHeader, csvLines } from '../domain/csv/write.ts'
import { minorDigits } from '../domain/price.ts'
import { allCategories } from '../store/categories.ts'
import { listForExport } from '../store/read-product.ts'

const chunk = 100
/** A page ends after the chunk that passes this many characters. */
const pageCharacters = 4_000_000

const afterToken = (token: string): string | undefined => {
  const id = fromPageToken(token, ['string'] as const)?.[0]
  if (id !== undefined && !isId(id))
    throw invalid({ field: 'pageToken', rule: 'format', message: 'not a page token of this export' })
  return id
}

/**
 * All products as a Shopify CSV. A catalog too large for one answer comes in pages that can be put behind each other:
 * the first has the header line, `x-next-page-token` names the next.
 */
export const exportProducts =
  ({ db, config }: Pick<Deps, 'db' | 'config'>) =>
  async ({ pageToken }: ExportProductsRequest): Promise<RawAnswer> => {
    let after = afterToken(pageToken)
    const categoryNames = new Map((await allCategories(db, db)).map(({ id, name }) => [id, name]))
    const parts = [after === undefined ? csvHeader() : '']
    let characters = 0
    let more = true
    while (more && characters < pageCharacters) {
      const views = await listForExport(db, after, chunk)
      for (const view of views) {
        const text = csvLines(view, {
          digits: minorDigits(view.currency),
          categoryNames,
          publicUrl: config.publicUrl ?? '',
        })
        characters += text.length
        parts.push(text)
      }
      after = views.at(-1)?.id ?? after
      more = views.length === chunk
    }
    return {
      contentType: 'text/csv; charset=utf-8',
      body: Buffer.from(parts.join('')),
      headers: {
        'content-disposition': 'attachment; filename="products.csv"',
        'cache-control': 'no-store',
        ...(more && after !== undefined ? { 'x-next-page-token': toPageToken([after]) } : {}),
      },
      status: 0,
    }
  }
