import { hasBody } from './entries.ts'
import type { Message, Model } from './model.ts'
import { sourceFile } from './output.ts'
import { messageSchema, type Schema, type SchemaMode } from './schema.ts'

/** Every schema by `$id`, e.g. `order.Order.output`. */
export function allSchemas(model: Model): Record<string, Schema> {
  const requests = model.methods.map((method) => method.request)
  const answers = [...model.methods.map((method) => method.response), ...model.facts.map((fact) => fact.message)]
  const routed = model.methods.filter((method) => method.http)
  const wanted: [SchemaMode, Iterable<Message>][] = [
    [
      'input',
      reachable(
        routed
          .filter(hasBody)
          .map(({ request }) => request)
          .concat(aliased(model)),
        model,
        false,
      ),
    ],
    ['query', routed.filter((method) => !hasBody(method)).map((method) => method.request)],
    ['call', reachable(requests, model, true)],
    ['output', reachable(answers, model, false)],
  ]
  const schemas = wanted.flatMap(([mode, messages]) =>
    [...new Set(messages)].map((message) => messageSchema(message, mode, model)),
  )
  const byId = schemas.map((schema): [string, Schema] => [schema.$id as string, schema])
  return Object.fromEntries(byId.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** An alias may POST what the method itself takes from the query. */
function aliased(model: Model): Message[] {
  return model.methods
    .filter((method) => method.rules?.aliases.some(({ verb }) => verb !== 'GET'))
    .map(({ request }) => request)
}

function reachable(roots: Message[], model: Model, withInternal: boolean): Set<Message> {
  const found = new Set<Message>()
  const visit = (message: Message | undefined): void => {
    if (!message || found.has(message)) return
    found.add(message)
    for (const { type, rules } of message.fields) {
      if (type.kind === 'message' && (withInternal || !rules.internal)) visit(model.messages.get(type.messageName))
    }
  }
  for (const root of roots) visit(root)
  return found
}

/** `schemas.json`: JSON Schemas that Ajv and fast-json-stringify both take, one to a line. */
export function schemasJson(model: Model): string {
  const lines = Object.entries(allSchemas(model)).map(
    ([id, schema]) => `${JSON.stringify(id)}: ${JSON.stringify(schema)}`,
  )
  return `{\n${lines.join(',\n')}\n}\n`
}

export function schemasFile(): string {
  return sourceFile(
    "import table from './schemas.json' with { type: 'json' }",
    `/** Draft-07; the only format is \`date-time\` (Ajv needs ajv-formats for it). NUL and lone surrogates in text are not
 * looked for here: a pattern on every string costs more than one scan of the raw body. */
export type JsonSchema = { readonly $id: string; readonly [keyword: string]: unknown }`,
    `/**
 * By \`$id\`: \`<message>.<kind>\`.
 * - \`input\`: a JSON body, strict; \`query\`: the same for methods without a body, to be compiled with coercion on.
 * - \`call\`: the message as a verb receives it: fields that the gateway fills are there, and a field that is neither
 *   required nor optional may hold its zero value.
 * - \`output\`: an answer or a fact.
 */
export const schemas: Readonly<Record<string, JsonSchema>> = table as unknown as Record<string, JsonSchema>`,
  )
}
