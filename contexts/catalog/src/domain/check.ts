import { refused } from '../faults.ts'
import { checkMatrix } from './options.ts'
import { checkPrices } from './price.ts'
import { asViolation, type Problem } from './problem.ts'
import { onSale, type Product } from './product.ts'
import { checkTranslations } from './texts.ts'

const mostSkus = 500
const mostAttributes = 100

const checkSkus = ({ skus, currency }: Product): Problem[] => {
  const codes = new Set<string>()
  return skus.flatMap((sku, place) => {
    const problems = checkPrices(
      { currency, amount: sku.price },
      sku.listPrice === undefined ? undefined : { currency, amount: sku.listPrice },
      currency,
      place,
    )
    if (sku.code === '' || sku.code.length > 120)
      problems.push({ sku: place, field: 'code', rule: 'length', message: 'must have 1 to 120 characters' })
    if (codes.has(sku.code))
      problems.push({ sku: place, field: 'code', rule: 'unique', message: `the code ${sku.code} is there twice` })
    codes.add(sku.code)
    return problems
  })
}

const checkAttributes = ({ attributes }: Product): Problem[] => {
  const list = Object.entries(attributes)
  const tooLong = list.some(([name, value]) => name.trim() === '' || name.length > 100 || value.length > 1000)
  return [
    ...(list.length > mostAttributes
      ? [{ field: 'attributes', rule: 'max_items', message: `a product has at most ${mostAttributes} attributes` }]
      : []),
    ...(tooLong
      ? [{ field: 'attributes', rule: 'length', message: 'names have 1 to 100, values up to 1,000 characters' }]
      : []),
  ]
}

const checkTags = ({ tags }: Product): Problem[] =>
  tags.some((tag) => tag === '' || tag.length > 60 || tag !== tag.trim())
    ? [{ field: 'tags', rule: 'length', message: 'tags have 1 to 60 characters and no blanks around' }]
    : []

/** Everything that is wrong with a product as a whole; SKU places are those of `product.skus`. */
export const checkProduct = (product: Product): Problem[] => {
  const problems: Problem[] = []
  if (product.name.trim() === '') problems.push({ field: 'name', rule: 'required', message: 'must not be blank' })
  if (onSale(product.skus).length === 0)
    problems.push({ field: 'skus', rule: 'min_items', message: 'a product needs at least one SKU on sale' })
  if (onSale(product.skus).length > mostSkus || product.skus.length > 4 * mostSkus)
    problems.push({ field: 'skus', rule: 'max_items', message: `a product has at most ${mostSkus} SKUs on sale` })
  return [
    ...problems,
    ...checkMatrix(product.options, product.skus),
    ...checkSkus(product),
    ...checkTranslations(product),
    ...checkAttributes(product),
    ...checkTags(product),
  ]
}

/** @throws VALIDATION_FAILED naming everything that is wrong */
export const mustBeSound = (problems: readonly Problem[]): void => {
  if (problems.length > 0) throw refused(problems.slice(0, 100).map(asViolation))
}
