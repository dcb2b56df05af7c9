/** One entry of a `.po` catalog: id and text. */
export type Entry = { id: string; text: string }

const unquote = (line: string): string => JSON.parse(line.slice(line.indexOf('"'))) as string

/** Reads a `.po` catalog far enough to compare it; its header has an empty id and is left out. */
export const readCatalog = (po: string): Entry[] => {
  const entries: Entry[] = []
  let current: Entry | undefined
  let part: keyof Entry = 'id'
  for (const line of po.split('\n')) {
    if (line.startsWith('msgid ')) {
      current = { id: unquote(line), text: '' }
      entries.push(current)
      part = 'id'
    } else if (line.startsWith('msgstr ') && current) {
      current.text = unquote(line)
      part = 'text'
    } else if (line.startsWith('"') && current) current[part] += unquote(line)
  }
  return entries.filter(({ id }) => id !== '')
}

/** A value `{name}` or `{name, plural, …}`, which the text of a branch such as `=0 {empty}` is not; or a tag. */
const filled = /(?<!(?:=\d+|zero|one|two|few|many|other)\s*)\{\s*(\w+)\s*[,}]|<(\w+)\/?>/g

/** The names a message fills in, tags of rich text included. */
export const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(filled)].map(([, value, tag]) => value ?? `<${tag}>`))].sort()

/** What is wrong between two catalogs and the ids that the code asks for; empty when nothing is. */
export const compareCatalogs = (
  base: readonly Entry[],
  other: readonly Entry[],
  used: ReadonlySet<string>,
): string[] => {
  const others = new Map(other.map(({ id, text }) => [id, text]))
  const ids = new Set(base.map(({ id }) => id))
  return [
    ...base.flatMap(({ id, text }) => {
      const translated = others.get(id)
      if (!translated) return [`${id}: no translation`]
      return placeholders(text).join() === placeholders(translated).join() ? [] : [`${id}: other placeholders`]
    }),
    ...[...others.keys()].filter((id) => !ids.has(id)).map((id) => `${id}: only in the translation`),
    ...[...used].filter((id) => !ids.has(id)).map((id) => `${id}: used, but in no catalog`),
    ...[...ids].filter((id) => !used.has(id)).map((id) => `${id}: in the catalog, but not used`),
  ]
}
