import type { Violation } from '@souk/kernel'

/** One thing wrong with a product. `sku` is the place of the SKU in the request or the file's rows. */
export type Problem = { sku?: number; field: string; rule: string; message: string }

export const asViolation = ({ sku, field, rule, message }: Problem): Violation => ({
  field: sku === undefined ? field : `skus[${sku}].${field}`,
  rule,
  message,
})
