import type { DemoProduct } from '../../apps/server/src/demo/parse-catalog.ts'
import type { DemoValue } from '../../apps/server/src/demo/parse-options.ts'
import type { Department } from './departments.ts'

/** One picture to make: `file` in the media folder from `source` in the picture package. */
export type PlannedPicture = {
  file: string
  source: string
  /** Six hex digits; absent: as drawn. */
  colour?: string
}

export type ProductMedia = {
  image: string
  /** Picture per English value of the product's coloured option, the value as drawn included; empty without one. */
  colours: Record<string, string>
}

export type MediaPlan = {
  pictures: PlannedPicture[]
  products: Record<string, ProductMedia>
  illustrations: Record<string, string>
  /** The category tree, each cover already a file of the media folder. */
  departments: Department[]
}

const fileWord = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

const colouredValues = (product: DemoProduct): DemoValue[] =>
  product.options.find((option) => option.values.some((value) => value.colour))?.values ?? []

const planProduct = (product: DemoProduct): { media: ProductMedia; pictures: PlannedPicture[] } => {
  const drawn: PlannedPicture = { file: `${product.slug}.webp`, source: product.image }
  const pictures = [drawn]
  const colours: Record<string, string> = {}
  for (const value of colouredValues(product)) {
    if (value.colour === undefined) {
      colours[value.en] = drawn.file
      continue
    }
    const file = `${product.slug}-${fileWord(value.en)}.webp`
    colours[value.en] = file
    pictures.push({ file, source: product.image, colour: value.colour })
  }
  return { media: { image: drawn.file, colours }, pictures }
}

/** Category covers are pictures of products, so that opening a category finds the object it showed. */
const placeCovers = (departments: readonly Department[], products: readonly DemoProduct[]): Department[] =>
  departments.map((department) => ({
    ...department,
    categories: department.categories.map((category) => {
      const shown = products.find((product) => product.category === category.slug && product.image === category.cover)
      if (!shown) throw new Error(`cover ${category.cover} is no product of ${category.slug}`)
      return { ...category, cover: `${shown.slug}.webp` }
    }),
  }))

/** Every picture the demo needs, each once, and who uses it. Names depend on the catalog alone. */
export const planMedia = (
  products: readonly DemoProduct[],
  illustrations: Readonly<Record<string, string>>,
  departments: readonly Department[],
): MediaPlan => {
  const planned = products.map((product) => ({ slug: product.slug, ...planProduct(product) }))
  const drawings = Object.entries(illustrations).map(([name, source]) => ({
    name,
    picture: { file: `illustration-${name}.webp`, source },
  }))
  const pictures = [...planned.flatMap((one) => one.pictures), ...drawings.map((one) => one.picture)]
  const files = new Set<string>()
  for (const { file } of pictures) {
    if (files.has(file)) throw new Error(`two pictures would be called ${file}`)
    files.add(file)
  }
  return {
    pictures,
    products: Object.fromEntries(planned.map((one) => [one.slug, one.media])),
    illustrations: Object.fromEntries(drawings.map((one) => [one.name, one.picture.file])),
    departments: placeCovers(departments, products),
  }
}
