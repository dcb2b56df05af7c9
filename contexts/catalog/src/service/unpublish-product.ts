import { productVerb } from './move-product.ts'

/** Takes a product out of the shop; it can be published again. */
export const unpublishProduct = productVerb('unpublish')
