import type { CreateProductRequest, Product as ProductMessage } from '@souk/contract/catalog'
import { isId } from '@souk/kernel'
import { audited, type Call, violated } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { mustBeSound } from '../domain/check.ts'
import { draftProduct } from '../domain/draft.ts'
import { presentForStaff } from '../domain/present.ts'
import type { Product } from '../domain/product.ts'
import { slugCandidates } from '../domain/slug.ts'
import { notFound, skuCodeTaken, slugTaken } from '../faults.ts'
import { findProduct, takenSlugs } from '../store/read-product.ts'
import { saveProducts, saveSkus } from '../store/save-product.ts'
import { finishProducts, finishTimer, patienceFrom } from './finish-products.ts'
import { checkAttributesOf, checkCategories, openWorkshop, refuseTaken } from './open-workshop.ts'

type Needs = Pick<Deps, 'db' | 'keys' | 'clock' | 'config' | 'cleaner' | 'inventory' | 'failpoint'>

const writeDraft = (deps: Needs, draft: Product, candidates: readonly string[], call: Call): Promise<void> =>
  deps.db.tx(async (tx) => {
    const taken = await takenSlugs(deps.db, tx, candidates)
    const slug = candidates.find((one) => !taken.has(one))
    if (!slug) throw slugTaken(candidates[0] ?? '')
    mustBeSound(await checkCategories(deps, tx, draft.categoryIds))
    mustBeSound(await checkAttributesOf(deps, tx, draft))
    await refuseTaken(deps, tx, draft)
    const product = { ...draft, slug }
    await saveProducts(deps.db, tx, [product])
    await saveSkus(deps.db, tx, [{ product, skus: product.skus }])
    await tx.schedule({ kind: finishTimer, aggregateId: draft.id, dueAt: patienceFrom(deps.clock.now()) })
    tx.audit(
      audited(call, 'product.create', `product:${draft.id}`, {
        after: { name: draft.name, slug, skus: draft.skus.length },
      }),
    )
  })

/** Writes the draft under the first free slug; when others take it at the same moment, under the one by its id. */
const writeUnderFreeSlug = async (
  deps: Needs,
  draft: Product,
  asked: string | undefined,
  call: Call,
): Promise<void> => {
  const candidates = asked ? [asked] : slugCandidates(draft.name, draft.id)
  for (const some of [candidates, candidates.slice(-1)])
    try {
      return await writeDraft(deps, draft, some, call)
    } catch (error) {
      const constraint = violated(error)
      if (constraint === 'sku_code') throw skuCodeTaken('')
      if (constraint !== 'product_slug') throw error
    }
  throw slugTaken(asked ?? '')
}

const urlsOf = ({ images, skus }: CreateProductRequest): string[] => [
  ...images,
  ...skus.flatMap(({ image }) => image ?? []),
]

/**
 * Creates a product. When it answers, inventory has its first stock, so its SKUs can be bought as soon as it is
 * published; when inventory does not answer, the product stays a draft and a timer finishes it.
 */
export const createProduct =
  (deps: Needs) =>
  (request: CreateProductRequest, call: Call): Promise<ProductMessage> =>
    deps.keys.first(call, async (id, resumed) => {
      const { db, keys } = deps
      if (request.slug && isId(request.slug))
        mustBeSound([{ field: 'slug', rule: 'format', message: 'must not look like an id' }])
      if (!resumed || !(await findProduct(db, db, id))) {
        const draft = draftProduct(request, id, '', await openWorkshop(deps)(urlsOf(request)))
        await writeUnderFreeSlug(deps, draft, request.slug, call)
      }
      await deps.failpoint('catalog.createProduct.afterInsert')
      return finishProducts(deps)([id], call, async (tx) => {
        await tx.unschedule(finishTimer, id)
        const view = await findProduct(db, tx, id)
        if (!view) throw notFound()
        const reply = presentForStaff(view)
        await keys.finish(tx, call, reply)
        return reply
      })
    })
