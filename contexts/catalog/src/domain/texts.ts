import type { Translation } from '@souk/contract/catalog'
import type { Problem } from './problem.ts'
import type { Option, Product } from './product.ts'

export const locales = ['en', 'zh-CN'] as const

type Texts = Pick<Product, 'name' | 'description' | 'translations'>
type Words = Record<string, string>

const own = <T>(map: Record<string, T>, key: string): T | undefined => (Object.hasOwn(map, key) ? map[key] : undefined)

/** A text of this locale, else the base text. */
export const inLocale = (base: string, byLocale: Record<string, string>, locale: string): string =>
  own(byLocale, locale) || base

export const nameIn = ({ name, translations }: Texts, locale: string): string => own(translations, locale)?.name || name

export const descriptionIn = ({ description, translations }: Texts, locale: string): string =>
  own(translations, locale)?.description || description

const word = (words: Words, text: string): string => own(words, text) || text

const wordsIn = ({ translations }: Pick<Product, 'translations'>, locale: string): Words =>
  own(translations, locale)?.words ?? {}

/** Option names and values in this locale. */
export const optionsIn = (product: Pick<Product, 'options' | 'translations'>, locale: string): Option[] => {
  const words = wordsIn(product, locale)
  return product.options.map(({ name, values, colours }) => ({
    name: word(words, name),
    values: values.map((value) => word(words, value)),
    colours,
  }))
}

/** A map of words (chosen options, attributes) in this locale. */
export const wordsOf = (product: Pick<Product, 'translations'>, map: Words, locale: string): Words => {
  const words = wordsIn(product, locale)
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [word(words, name), word(words, value)]))
}

/** The chosen options of a SKU in every locale that has words of its own. */
export const labelsOf = (product: Pick<Product, 'translations'>, options: Words): Record<string, Words> =>
  Object.fromEntries(
    locales
      .filter((locale) => Object.keys(wordsIn(product, locale)).length > 0)
      .map((locale) => [locale, wordsOf(product, options, locale)]),
  )

const checkWords = (product: Product, locale: string): Problem[] => {
  const options = optionsIn(product, locale)
  const field = `translations.${locale}.words`
  const twice = (list: readonly string[]) => new Set(list).size < list.length
  const ambiguous = twice(options.map(({ name }) => name)) || options.some(({ values }) => twice(values))
  const tooLong = Object.entries(wordsIn(product, locale)).some(
    ([text, said]) => text.length > 200 || said.length > 200,
  )
  return [
    ...(ambiguous ? [{ field, rule: 'ambiguous', message: 'two names or values would read the same' }] : []),
    ...(tooLong ? [{ field, rule: 'max_length', message: 'words have at most 200 characters' }] : []),
  ]
}

/** What is wrong with the translations: a locale we do not speak, words that make two choices look alike. */
export const checkTranslations = (product: Product): Problem[] =>
  Object.keys(product.translations).flatMap((locale) =>
    locales.some((known) => known === locale)
      ? checkWords(product, locale)
      : [{ field: `translations.${locale}`, rule: 'one_of', message: `texts are kept in ${locales.join(' and ')}` }],
  )

/** The new translation replaces that of its locale; one that says nothing takes it away. */
export const withTranslations = (
  old: Record<string, Translation>,
  news: Record<string, Translation>,
): Record<string, Translation> =>
  Object.fromEntries(
    Object.entries({ ...old, ...news }).filter(
      ([, { name, description, words }]) => name || description || Object.keys(words).length > 0,
    ),
  )

const longestSearchText = 20_000

/** How texts are compared when searching: compatibility forms (full width and the like) and case do not matter. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

/** All that `q` looks into: names in every language, brand, tags, codes. */
export const searchText = (product: Product): string =>
  folded(
    [
      product.name,
      ...Object.values(product.translations).map(({ name }) => name),
      product.brand,
      ...product.tags,
      ...product.skus.map(({ code }) => code),
    ].join(' '),
  )
    .slice(0, longestSearchText)
    // A cut may leave half a character, which the database does not take.
    .replace(/[\uD800-\uDBFF]$/, '')

/** A LIKE pattern per word of a query; wildcards in it stand for themselves. */
export const searchPatterns = (query: string): string[] =>
  folded(query)
    .split(/\s+/)
    .filter((part) => part !== '')
    .slice(0, 8)
    .map((part) => `%${part.replace(/[\\%_]/g, '\\$&')}%`)
