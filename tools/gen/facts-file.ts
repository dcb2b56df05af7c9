import { codecImports } from './imports.ts'
import type { Fact, Model } from './model.ts'
import { sourceFile } from './output.ts'
import { print, quote } from './print.ts'

/** `facts.ts`: every fact with its message, its aggregate and whom it reaches. */
export function factsFile(model: Model): string {
  const { statements, local } = codecImports(model.facts.map((fact) => fact.message))
  const payloads = model.facts.map((fact) => `  ${quote(fact.name)}: ${local.get(fact.message)}`)
  const entries = model.facts.map((fact) => {
    const rest = print(factEntry(fact), 'ts', '  ', fact.name.length + fact.message.typeName.length + 12)
    return `  ${quote(fact.name)}: ${rest.replace(/^\{(\s+)/, `{$1codec: ${local.get(fact.message)},$1`)},`
  })
  return sourceFile(
    statements,
    "import type { Codec } from './services.ts'",
    `export type FactPayloads = {\n${payloads.join('\n')}\n}`,
    'export type FactName = keyof FactPayloads',
    `export type FactEntry<T> = {\n  codec: Codec<T>\n  /** What the fact is about, e.g. \`order\`: facts of one aggregate keep their order. */\n  aggregate: string\n  /** JSON name of the field with the aggregate's id. */\n  aggregateIdField: string\n  /** Edge cache tags it drops; placeholders are JSON names. */\n  edgeTags: readonly string[]\n  /** Also sent to every gateway process. */\n  broadcast: boolean\n}`,
    `export const facts: { [Name in FactName]: FactEntry<FactPayloads[Name]> } = {\n${entries.join('\n')}\n}`,
  )
}

/** A fact with JSON names, as the table and the documents carry it. */
export function factEntry({ message, aggregateId, edgeTags, broadcast }: Fact) {
  const json = (name: string): string => message.fields.find((field) => field.name === name)?.json ?? name
  const aggregateIdField = json(aggregateId)
  return {
    aggregate: aggregateIdField.replace(/Id$/, ''),
    aggregateIdField,
    edgeTags: edgeTags.map((tag) => tag.replace(/\{([^}]*)\}/g, (_, name: string) => `{${json(name)}}`)),
    broadcast,
  }
}
