import type { ProductVerbRequest } from '@souk/contract/catalog'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { productVerb } from './move-product.ts'

/** Takes a product out of the shop for good; it stays readable for staff and its codes stay taken. */
export const archiveProduct = (deps: Pick<Deps, 'db' | 'keys'>) => {
  const archive = productVerb('archive')(deps)
  return async (request: ProductVerbRequest, call: Call): Promise<Record<string, never>> => {
    await archive(request, call)
    return {}
  }
}
