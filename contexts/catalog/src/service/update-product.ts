import type { Product as ProductMessage, UpdateProductRequest } from '@souk/contract/catalog'
import { isId } from '@souk/kernel'
import { audited, type Call, errorText, type Tx, violated } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { describedAnew } from '../domain/attributes.ts'
import { mustBeSound } from '../domain/check.ts'
import type { Workshop } from '../domain/draft.ts'
import { type Change, changeBetween, patchProduct } from '../domain/patch.ts'
import { presentForStaff } from '../domain/present.ts'
import type { Product } from '../domain/product.ts'
import { illegalTransition, notFound, skuCodeTaken, slugTaken, versionConflict } from '../faults.ts'
import { refreshListing } from '../store/move-product.ts'
import { findProduct, lockProducts } from '../store/read-product.ts'
import { saveProducts, saveSkus } from '../store/save-product.ts'
import { refreshAvailability, unreceivedSkus } from '../store/stock.ts'
import { announce, type ProductNews } from './announce.ts'
import { finishProducts, finishTimer, patienceFrom } from './finish-products.ts'
import { checkAttributesOf, checkCategories, openWorkshop, refuseTaken } from './open-workshop.ts'

type Needs = Pick<Deps, 'db' | 'clock' | 'config' | 'cleaner' | 'inventory' | 'log' | 'failpoint'>

/** What a change of a product is in facts; nobody outside knows a product that was never published. */
export const newsOfChange = (product: Product, { texts, prices }: Change): ProductNews[] => [
  ...(texts ? [{ productId: product.id, kind: 'changed' as const }] : []),
  ...(prices.length > 0
    ? [{ productId: product.id, kind: 'prices' as const, currency: product.currency, prices }]
    : []),
]

const changedFields = (before: Product, after: Product): { before: object; after: object } => {
  const names = (Object.keys(after) as (keyof Product)[]).filter(
    (name) =>
      name !== 'description' && name !== 'translations' && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
  const pick = (product: Product) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        name === 'skus' ? product.skus.map(({ code, price }) => [code, price]) : product[name],
      ]),
    )
  return { before: pick(before), after: pick(after) }
}

const edit = async (
  deps: Needs,
  tx: Tx,
  request: UpdateProductRequest,
  workshop: Workshop,
  call: Call,
): Promise<void> => {
  const { db } = deps
  await lockProducts(db, tx, [request.id])
  const before = await findProduct(db, tx, request.id)
  if (!before) throw notFound()
  if (before.version !== request.version) throw versionConflict(before.version)
  if (before.state === 'ARCHIVED') throw illegalTransition('ARCHIVED', 'edit')
  const after = {
    ...patchProduct(before, request, { ...workshop, currency: before.currency }),
    version: before.version + 1,
  }
  mustBeSound(await checkCategories(deps, tx, request.categoryIds))
  const change = changeBetween(before, after)
  if (!change.any) return
  if (describedAnew(before, after)) mustBeSound(await checkAttributesOf(deps, tx, after))
  await refuseTaken(deps, tx, after)
  await saveProducts(db, tx, [after])
  await saveSkus(db, tx, [{ product: after, skus: change.skus }])
  await refreshAvailability(db, tx, [after.id])
  await refreshListing(db, tx, [after.id])
  await announce(db, tx, newsOfChange(after, change))
  if (after.skus.length > before.skus.length)
    await tx.schedule({ kind: finishTimer, aggregateId: after.id, dueAt: patienceFrom(deps.clock.now()) })
  tx.audit(audited(call, 'product.update', `product:${after.id}`, changedFields(before, after)))
}

const urlsOf = ({ images, skus }: UpdateProductRequest): string[] => [
  ...images,
  ...skus.flatMap(({ image }) => image ?? []),
]

/**
 * Edits a product that nobody else has edited since `version`. New SKUs are shown as sold out until inventory knows
 * them, which is tried at once and otherwise left to a timer.
 */
export const updateProduct =
  (deps: Needs) =>
  async (request: UpdateProductRequest, call: Call): Promise<ProductMessage> => {
    const { db } = deps
    if (!isId(request.id)) throw notFound()
    if (request.slug && isId(request.slug))
      mustBeSound([{ field: 'slug', rule: 'format', message: 'must not look like an id' }])
    const workshop = await openWorkshop(deps)(urlsOf(request))
    await db
      .tx((tx) => edit(deps, tx, request, workshop, call))
      .catch((error: unknown) => {
        const constraint = violated(error)
        if (constraint === 'product_slug') throw slugTaken(request.slug ?? '')
        if (constraint === 'sku_code') throw skuCodeTaken('')
        throw error
      })
    if ((await unreceivedSkus(db, db, [request.id])).length > 0)
      await finishProducts(deps)([request.id], call, (tx) => tx.unschedule(finishTimer, request.id)).catch(
        (error: unknown) =>
          deps.log.warn('stock of new SKUs is received later', { productId: request.id, error: errorText(error) }),
      )
    const view = await findProduct(db, db, request.id)
    if (!view) throw notFound()
    return presentForStaff(view)
  }
