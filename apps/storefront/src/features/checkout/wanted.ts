/** `/checkout?sku=…&quantity=…` buys one thing at once; without them the selected lines of the bag. */
export type Wanted = { sku?: string; quantity?: number }

const most = 9999

export const parseWanted = ({ sku, quantity }: Record<string, unknown>): Wanted => {
  if (typeof sku !== 'string' || sku === '') return {}
  const count = Number(quantity)
  return { sku, quantity: Number.isSafeInteger(count) && count >= 1 && count <= most ? count : 1 }
}

/** What that means in the body of a request. */
export const linesOf = ({ sku, quantity = 1 }: Wanted) =>
  sku === undefined ? { fromCart: true } : { lines: [{ skuId: sku, quantity }] }
