import type { Problem } from './problem.ts'
import type { Option, Sku } from './product.ts'

const mostOptions = 3
const mostValues = 100
const longestName = 60
const longestValue = 100

type Declared = { name: string; values: readonly string[]; colours: readonly string[] }
type Choice = Pick<Sku, 'options'>

/** Options as declared, texts trimmed, one colour word per value. */
export const declaredOptions = (options: readonly Declared[]): Option[] =>
  options.map(({ name, values, colours }) => ({
    name: name.trim(),
    values: values.map((value) => value.trim()),
    colours: values.map((_, place) => colours[place] ?? ''),
  }))

/**
 * Options with the values that the SKUs use added at the end; without any options, those that the SKUs name, in order of
 * appearance.
 */
export const completedOptions = (known: readonly Option[], skus: readonly Choice[]): Option[] => {
  const options = known.map((option) => ({ ...option, values: [...option.values], colours: [...option.colours] }))
  for (const sku of skus)
    for (const [name, value] of Object.entries(sku.options)) {
      let option = options.find((one) => one.name === name)
      if (!option && known.length === 0) {
        option = { name, values: [], colours: [] }
        options.push(option)
      }
      if (option && !option.values.includes(value)) {
        option.values.push(value)
        option.colours.push('')
      }
    }
  return options
}

/** A SKU's choice in the order in which its product declares the options. */
export const inDeclaredOrder = (options: readonly Option[], { options: choice }: Choice): Record<string, string> => {
  const declared = options.flatMap(({ name }) => (Object.hasOwn(choice, name) ? [[name, choice[name]!] as const] : []))
  return { ...Object.fromEntries(declared), ...choice }
}

/** A SKU's choice in one canonical word: equal words are the same combination. */
export const combination = (options: readonly Option[], sku: Choice): string =>
  JSON.stringify(options.map(({ name }) => sku.options[name]))

const checkTexts = (options: readonly Option[]): Problem[] => {
  const problems: Problem[] = []
  const names = new Set<string>()
  options.forEach(({ name, values, colours }, place) => {
    const at = (field: string) => `options[${place}].${field}`
    if (name === '' || name.length > longestName || name === '__proto__')
      problems.push({ field: at('name'), rule: 'length', message: `must have 1 to ${longestName} characters` })
    if (names.has(name))
      problems.push({ field: at('name'), rule: 'unique', message: `the option ${name} is there twice` })
    names.add(name)
    if (values.length === 0 || values.length > mostValues)
      problems.push({ field: at('values'), rule: 'items', message: `must have 1 to ${mostValues} values` })
    if (values.some((value) => value === '' || value.length > longestValue))
      problems.push({
        field: at('values'),
        rule: 'length',
        message: `values must have 1 to ${longestValue} characters`,
      })
    if (new Set(values).size < values.length)
      problems.push({ field: at('values'), rule: 'unique', message: 'a value is there twice' })
    if (colours.some((colour) => colour !== '' && !/^#[0-9a-f]{6}$/i.test(colour)))
      problems.push({ field: at('colours'), rule: 'format', message: 'colours are #rrggbb or empty' })
  })
  return problems
}

const checkChoice = (options: readonly Option[], { options: choice }: Choice, sku: number): Problem[] => {
  const problem = (rule: string, message: string): Problem => ({ sku, field: 'options', rule, message })
  const problems = options.flatMap(({ name, values }) => {
    const value = Object.hasOwn(choice, name) ? choice[name] : undefined
    if (value === undefined) return [problem('option_missing', `needs a value for ${name}`)]
    return values.includes(value) ? [] : [problem('value_unknown', `${value} is no value of ${name}`)]
  })
  const known = new Set(options.map(({ name }) => name))
  for (const name of Object.keys(choice))
    if (!known.has(name)) problems.push(problem('option_unknown', `${name} is no option of this product`))
  return problems
}

/** What is wrong with the matrix: every SKU on sale chooses one value of each option, no two the same ones. */
export const checkMatrix = (
  options: readonly Option[],
  skus: readonly Pick<Sku, 'options' | 'retired'>[],
): Problem[] => {
  const problems = checkTexts(options)
  if (options.length > mostOptions)
    problems.push({ field: 'options', rule: 'max_items', message: `a product has at most ${mostOptions} options` })
  const taken = new Set<string>()
  skus.forEach((sku, place) => {
    if (sku.retired) return
    const wrong = checkChoice(options, sku, place)
    problems.push(...wrong)
    const word = combination(options, sku)
    if (wrong.length === 0 && taken.has(word))
      problems.push({
        sku: place,
        field: 'options',
        rule: 'duplicate_combination',
        message: 'another SKU has the same options',
      })
    taken.add(word)
  })
  return problems
}
