import type { Message, Model } from './model.ts'
import type { Schema } from './schema.ts'
import { allSchemas } from './schemas-file.ts'

/** Components and references of the OpenAPI document, made from the same schemas that the gateway compiles. */
export class OpenApiSchemas {
  readonly components: Record<string, Schema> = {}
  readonly #schemas: Record<string, Schema>
  readonly #messages: Map<string, Message>

  constructor(model: Model) {
    this.#schemas = allSchemas(model)
    this.#messages = new Map([...model.messages.values()].map((message) => [message.name, message]))
    for (const [id, schema] of Object.entries(this.#schemas)) {
      if (id.endsWith('.input') || id.endsWith('.output')) this.components[this.#component(id)] = this.#object(schema)
    }
  }

  /** A reference to a component, e.g. for `order.Order.output`. */
  reference(id: string): Schema {
    return { $ref: `#/components/schemas/${this.#component(id)}` }
  }

  /** A request body; fields that come from the path are left out. */
  body(message: Message, fromPath: string[]): Schema {
    const id = `${message.name}.input`
    if (fromPath.length === 0) return this.reference(id)
    const { properties, required, ...rest } = this.#object(this.#schemas[id] as Schema)
    const kept = (required as string[] | undefined)?.filter((name) => !fromPath.includes(name)) ?? []
    return {
      ...rest,
      properties: Object.fromEntries(Object.entries(properties as Schema).filter(([name]) => !fromPath.includes(name))),
      required: kept.length > 0 ? kept : undefined,
    }
  }

  /** The schema of one field in a path or query. */
  parameter(message: Message, json: string, kind: 'query' | 'input'): Schema {
    const { properties } = this.#schemas[`${message.name}.${kind}`] as { properties: Record<string, Schema> }
    return convert(properties[json] as Schema, (id) => this.reference(id))
  }

  #object(schema: Schema): Schema {
    const { $id, ...rest } = convert(schema, (id) => this.reference(id))
    const message = this.#messages.get(String($id).replace(/\.\w+$/, ''))
    const properties = Object.entries((rest.properties ?? {}) as Record<string, Schema>).map(([json, property]) => {
      const comment = message?.fields.find((field) => field.json === json)?.comment
      return [json, comment ? { ...property, description: comment } : property]
    })
    return { ...rest, description: message?.comment || undefined, properties: Object.fromEntries(properties) }
  }

  /** `order.Order.output` → `order.Order`; an input keeps its suffix when the message is an answer too. */
  #component(id: string): string {
    const name = id.replace(/\.\w+$/, '')
    const both = id.endsWith('.input') && this.#schemas[`${name}.output`] !== undefined
    return both ? `${name}.input` : name
  }
}

/** Draft-07 with `nullable` → the dialect of OpenAPI 3.1. */
function convert(schema: Schema, reference: (id: string) => Schema): Schema {
  const { nullable, $ref, ...rest } = schema
  if ($ref) return reference(String($ref).replace(/#$/, ''))
  const converted = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, convertValue(value, reference)]),
  )
  return nullable ? { ...converted, type: [rest.type, 'null'] } : converted
}

function convertValue(value: unknown, reference: (id: string) => Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => convertValue(item, reference))
  if (typeof value === 'object' && value !== null) return convert(value as Schema, reference)
  return value
}
