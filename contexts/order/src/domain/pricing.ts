import { allocate, fault, safeInteger } from '@souk/kernel'
import type { Line, Totals } from './order.ts'

/** What is taken off and added to the sum of the lines, in minor units, none negative. */
export type Adjustments = { discount: number; freight: number; tax: number }

/** Until promotions, freight templates and tax classes exist. */
export const noAdjustments: Adjustments = { discount: 0, freight: 0, tax: 0 }

/** Unit price × quantity, before discount. */
export const grossOf = (line: Pick<Line, 'unitPrice' | 'quantity'>): number =>
  safeInteger(line.unitPrice * line.quantity)

/**
 * The whole price of an order, the only place where totals are made (RELIABILITY I11). The discount is spread over the
 * lines in proportion to their gross price, to the minor unit, so that every later partial refund is exact. Throws
 * when a sum leaves the safe integers or the discount is more than the goods.
 */
export const priceOrder = (
  currency: string,
  lines: readonly Line[],
  adjustments: Adjustments,
): Totals & { lines: Line[] } => {
  const gross = lines.map(grossOf)
  const subtotal = gross.reduce((a, b) => safeInteger(a + b), 0)
  const { discount, freight, tax } = adjustments
  if ([discount, freight, tax].some((part) => !Number.isSafeInteger(part) || part < 0) || discount > subtotal)
    throw fault('VALIDATION_FAILED', {
      reason: 'discount, freight and tax must be whole, not negative, and leave a total',
    })
  const shares = allocate(discount, gross)
  return {
    currency,
    subtotal,
    discount,
    freight,
    tax,
    total: safeInteger(subtotal - discount + freight + tax),
    lines: lines.map((line, place) => ({ ...line, discount: shares[place] ?? 0 })),
  }
}
