import { faultOf, newId } from '@souk/kernel'
import { errorText, isPassing, type Tx, violated } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { checkByTemplates, describedAnew } from '../domain/attributes.ts'
import { titleOf } from '../domain/csv/columns.ts'
import type { Group } from '../domain/csv/groups.ts'
import { type Merged, mergeProduct } from '../domain/csv/merge.ts'
import { type ParsedProduct, parseGroup, refuseAll } from '../domain/csv/parse.ts'
import type { Workshop } from '../domain/draft.ts'
import { changeBetween } from '../domain/patch.ts'
import { hashInUrl } from '../domain/pictures.ts'
import type { Product, ProductView } from '../domain/product.ts'
import { pictureUrlProblem } from '../domain/public-address.ts'
import { templatesBy } from '../store/categories.ts'
import type { WantedPicture } from '../store/import-pictures.ts'
import { type JobRow, markImported } from '../store/jobs.ts'
import { refreshListing } from '../store/move-product.ts'
import { codeOwners, findProducts, lockBySlugs } from '../store/read-product.ts'
import { saveProducts, saveSkus } from '../store/save-product.ts'
import { refreshAvailability } from '../store/stock.ts'
import { announce, type ProductNews } from './announce.ts'
import { categoriesOfTypes } from './categories-of-types.ts'
import { openWorkshop } from './open-workshop.ts'
import { newsOfChange } from './update-product.ts'

type Needs = Pick<Deps, 'db' | 'config' | 'cleaner' | 'log'>

/** What became of some groups of rows. */
export type Written = {
  parsed: ParsedProduct[]
  /** Products that were written or found unchanged. */
  ids: string[]
  unpublish: string[]
  pictures: WantedPicture[]
}

type Known = { view: ProductView; job: string | null; row: number | null }

const knownBySlug = async ({ db }: Needs, tx: Tx, slugs: readonly string[]): Promise<Map<string, Known>> => {
  const locked = new Map((await lockBySlugs(db, tx, slugs)).map((row) => [row.id, row]))
  const views = await findProducts(db, tx, [...locked.keys()])
  return new Map(
    views.map((view) => [
      view.slug,
      { view, job: locked.get(view.id)!.import_job, row: locked.get(view.id)!.import_row },
    ]),
  )
}

/** Rows of a handle that come back later in the file are a later change of the same product. */
const noteRepeat = (parsed: ParsedProduct, known: Known | undefined, job: string): void => {
  if (known?.job !== job || known.row === null || known.row >= parsed.row) return
  const message = `duplicate handle: already in row ${known.row}; taken as a later change of the same product`
  parsed.warnings.push({ row: parsed.row, field: titleOf('handle'), message })
}

/** Pictures that have to be fetched; addresses that must not be asked become warnings. */
const wantedPictures = ({ product, rows }: Merged, parsed: ParsedProduct, publicUrl: string): WantedPicture[] => {
  const wanted = new Map<string, WantedPicture>()
  const skuOfRow = new Map([...rows].map(([sku, row]) => [row, sku]))
  const want = (row: number, url: string, more: Partial<WantedPicture>) => {
    const problem = hashInUrl(url, publicUrl) ? undefined : pictureUrlProblem(url)
    if (problem)
      parsed.warnings.push({ row, field: titleOf('imageSrc'), message: `the picture is left out: ${problem}` })
    else if (!hashInUrl(url, publicUrl)) {
      const old = wanted.get(url) ?? { productId: product.id, url, row, place: 0, alt: '', gallery: false, skuIds: [] }
      wanted.set(url, { ...old, ...more, skuIds: [...old.skuIds, ...(more.skuIds ?? [])] })
    }
  }
  for (const { row, url, alt, position } of parsed.pictures) want(row, url, { place: position, alt, gallery: true })
  for (const { row, image } of parsed.variants)
    if (image !== '' && skuOfRow.has(row)) want(row, image, { skuIds: [skuOfRow.get(row)!] })
  return [...wanted.values()]
}

const undescribed = { attributes: {}, categoryIds: [] }

type Target = { merged: Merged; view: ProductView | undefined; parsed: ParsedProduct }

/** A file has no column for attributes: a product that its categories ask for some is taken, and somebody told. */
const noteMissingAttributes = async ({ db }: Needs, tx: Tx, targets: readonly Target[]): Promise<void> => {
  const described = targets.filter(({ merged, view }) => describedAnew(view ?? undescribed, merged.product))
  const ids = new Set(described.flatMap(({ merged }) => merged.product.categoryIds))
  const templatesOf = await templatesBy(db, tx, [...ids])
  for (const { merged, parsed } of described)
    for (const { message } of checkByTemplates(templatesOf(merged.product.categoryIds), merged.product.attributes))
      parsed.warnings.push({ row: parsed.row, field: titleOf('type'), message })
}

const asked = ({ product, published }: Merged): Product => ({
  ...product,
  publishRequested: published === undefined ? product.publishRequested : published && product.state !== 'PUBLISHED',
})

/** Writes in the order of the slugs, as every import does: two that bring the same products wait, and never crosswise. */
const save = async ({ db }: Needs, tx: Tx, job: string, targets: readonly Target[]): Promise<void> => {
  const inOrder = targets.toSorted((a, b) => (a.merged.product.slug < b.merged.product.slug ? -1 : 1))
  const changes = inOrder.map(({ merged, view, parsed }) => {
    const after = asked(merged)
    const change = view ? changeBetween(view, after) : { any: true, texts: false, prices: [], skus: after.skus }
    return {
      change,
      isNew: !view,
      row: parsed.row,
      product: change.any ? { ...after, version: after.version + 1 } : after,
    }
  })
  const changed = changes.filter(({ change }) => change.any)
  const marks = new Map(changed.map(({ product, row }) => [product.id, { job, row }]))
  await saveProducts(
    db,
    tx,
    changed.map(({ product }) => product),
    marks,
  )
  await saveSkus(
    db,
    tx,
    changed.map(({ product, change }) => ({ product, skus: change.skus })),
  )
  const unchanged = changes.filter(({ change }) => !change.any)
  await markImported(
    db,
    tx,
    job,
    unchanged.map(({ product, row }) => ({ id: product.id, row })),
  )
  const edited = changed.filter(({ isNew }) => !isNew)
  if (edited.length === 0) return
  const ids = edited.map(({ product }) => product.id)
  await refreshAvailability(db, tx, ids)
  await refreshListing(db, tx, ids)
  await announce(
    db,
    tx,
    edited.flatMap<ProductNews>(({ product, change }) => newsOfChange(product, change)),
  )
}

const merge = async (
  deps: Needs,
  tx: Tx,
  parsed: readonly ParsedProduct[],
  job: string,
  workshop: Workshop,
): Promise<Target[]> => {
  const { db, config } = deps
  // Owners before products: one that comes in between is then found as this product, not as another with its codes.
  const owners = await codeOwners(
    db,
    tx,
    parsed.flatMap(({ variants }) => variants.map(({ code }) => code)),
  )
  const known = await knownBySlug(
    deps,
    tx,
    parsed.map(({ slug }) => slug),
  )
  const categoryOf = await categoriesOfTypes(deps)(tx, new Set(parsed.flatMap(({ type }) => type ?? [])))
  const targets = parsed.flatMap((one) => {
    const before = known.get(one.slug)
    noteRepeat(one, before, job)
    const categoryId = one.type === undefined ? undefined : categoryOf(one.type)
    const context = { ...workshop, publicUrl: config.publicUrl ?? '', categoryId, codeOwners: owners }
    const merged = mergeProduct(before?.view, one, newId(), context)
    if (!merged) return []
    for (const { code } of merged.product.skus) owners.set(code, merged.product.id)
    return [{ merged, view: before?.view, parsed: one }]
  })
  await noteMissingAttributes(deps, tx, targets)
  return targets
}

const urlsOf = (parsed: readonly ParsedProduct[], publicUrl: string): string[] =>
  parsed
    .flatMap(({ pictures, variants }) => [...pictures.map(({ url }) => url), ...variants.map(({ image }) => image)])
    .flatMap((url) => {
      const hash = hashInUrl(url, publicUrl)
      return hash ? [`/media/${hash}.webp`] : []
    })

/** Somebody else wrote one of these between our look and our write: the second look finds it. */
const againIfTaken = <T>(work: () => Promise<T>): Promise<T> =>
  work().catch((error: unknown) => {
    if (!violated(error)) throw error
    return work()
  })

const write = async (deps: Needs, job: JobRow, groups: readonly Group[]): Promise<Written> => {
  const { db, config } = deps
  const publicUrl = config.publicUrl ?? ''
  const parse = () => groups.map((group) => parseGroup(job.columns, group, config.currency))
  const workshop = await openWorkshop(deps)(urlsOf(parse(), publicUrl))
  return db.tx(async (tx) => {
    // Read anew: the transaction may run twice, and what it refuses is written into what was read.
    const parsed = parse()
    const targets = await merge(deps, tx, parsed, job.id, workshop)
    await save(deps, tx, job.id, targets)
    return {
      parsed,
      ids: targets.map(({ merged }) => merged.product.id),
      unpublish: targets.flatMap(({ merged: { product, published } }) =>
        published === false && product.state === 'PUBLISHED' ? [product.id] : [],
      ),
      pictures: targets.flatMap(({ merged, parsed: one }) => wantedPictures(merged, one, publicUrl)),
    }
  })
}

/** Nothing is wrong with the products: the same again later. */
const isOutage = (error: unknown, alone: boolean): boolean =>
  faultOf(error)?.code === 'OVERLOADED' ? alone : isPassing(error)

/**
 * Writes products of an import file, all in one transaction; should it fail, in halves, until the one that cannot be
 * written stands alone and becomes an error of its rows. An outage is thrown: the job goes on later.
 */
export const writeGroups =
  (deps: Needs) =>
  async (job: JobRow, groups: readonly Group[]): Promise<Written> => {
    try {
      return await againIfTaken(() => write(deps, job, groups))
    } catch (error) {
      if (isOutage(error, groups.length === 1)) throw error
      if (groups.length > 1) {
        const half = groups.length >> 1
        const first = await writeGroups(deps)(job, groups.slice(0, half))
        const second = await writeGroups(deps)(job, groups.slice(half))
        return {
          parsed: [...first.parsed, ...second.parsed],
          ids: [...first.ids, ...second.ids],
          unpublish: [...first.unpublish, ...second.unpublish],
          pictures: [...first.pictures, ...second.pictures],
        }
      }
      deps.log.warn('a product of an import could not be written', { jobId: job.id, error: errorText(error) })
      const parsed = groups.map((group) => parseGroup(job.columns, group, deps.config.currency))
      for (const one of parsed) refuseAll(one, groups[0]!.rows, 'could not be written')
      return { parsed, ids: [], unpublish: [], pictures: [] }
    }
  }
