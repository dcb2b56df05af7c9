/** One text in the two languages of the demo shop. */
export type Bilingual = { en: string; zh: string }

export type DemoValue = Bilingual & {
  /** Six lower-case hex digits. Absent: the value has no colour of its own and shows the object as drawn. */
  colour?: string
  /** Minor units on top of the product's price and list price. */
  surcharge: number
}

export type DemoOption = { name: Bilingual; values: DemoValue[] }

const valuePattern =
  /^(?<en>[^/@+]+)(?:\/(?<zh>[^/@+]+))?(?:@(?<colour>[0-9a-f]{6}))?(?:\+(?<surcharge>0|[1-9]\d{0,8}))?$/

const parseValue = (text: string): DemoValue => {
  const parts = valuePattern.exec(text)?.groups
  if (!parts) throw new Error(`option value '${text}' is not en[/zh][@rrggbb][+minor units]`)
  const en = parts.en!.trim()
  const zh = (parts.zh ?? parts.en!).trim()
  if (en === '' || zh === '') throw new Error(`option value '${text}' is blank in one language`)
  const value = { en, zh, surcharge: Number(parts.surcharge ?? 0) }
  return parts.colour === undefined ? value : { ...value, colour: parts.colour }
}

const parseOption = (text: string): DemoOption => {
  const parts = /^(?<en>[^/:]+)\/(?<zh>[^/:]+):(?<values>.+)$/.exec(text)?.groups
  if (!parts) throw new Error(`option '${text}' is not Name/名称:value|value`)
  const values = parts.values!.split('|').map(parseValue)
  for (const language of ['en', 'zh'] as const) {
    if (new Set(values.map((value) => value[language])).size < values.length) {
      throw new Error(`option '${text}' repeats a value`)
    }
  }
  if (values[0]!.colour !== undefined) {
    throw new Error(`option '${text}' colours its first value, which is the object as drawn`)
  }
  return { name: { en: parts.en!, zh: parts.zh! }, values }
}

/** Reads the `options` column: groups split by `;`, each `Name/名称:value|value`; a blank column has no options. */
export const parseOptions = (column: string): DemoOption[] => {
  if (column === '') return []
  const options = column.split(';').map(parseOption)
  if (new Set(options.map((option) => option.name.en)).size < options.length) {
    throw new Error(`options '${column}' repeat a name`)
  }
  // Two coloured groups would need a picture per pair; the catalog has one picture per value.
  if (options.filter((option) => option.values.some((value) => value.colour)).length > 1) {
    throw new Error(`options '${column}' have more than one coloured group`)
  }
  return options
}
