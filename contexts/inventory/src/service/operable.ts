import { isId } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { Books, Hold } from '../domain/books.ts'
import { latest } from '../domain/holds.ts'
import { noSuchHold } from '../faults.ts'

/**
 * The newest hold of an order id as this caller may operate it. To an API key a hold made by another context does not
 * exist: nobody commits or frees an order's stock past its order (RELIABILITY I5, I6).
 */
export const operable = (books: Books, orderId: string, call: Call): Hold => {
  const hold = isId(orderId) ? latest(books, orderId) : undefined
  if (!hold || (!call.caller && !hold.external)) throw noSuchHold(orderId)
  return hold
}
