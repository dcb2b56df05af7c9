import type { Field, Message, Model, Scalar } from './model.ts'
import { ContractError } from './model.ts'

/**
 * - `input`: a JSON body, strict. `query`: the same for methods without a body; compile it with coercion on.
 * - `call`: the message as a verb receives it, from the gateway or by gRPC: gateway-filled fields are there, and a field
 *   that is neither required nor optional may hold its zero value.
 * - `output`: an answer or a fact.
 */
export type SchemaMode = 'input' | 'query' | 'call' | 'output'
export type Schema = Record<string, unknown>

const safe = Number.MAX_SAFE_INTEGER
const ranges: Partial<Record<Scalar, [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-safe, safe],
  uint64: [0, safe],
}

/** All linear: no input makes them slow, also when every rule is checked. */
const formats: Record<string, string> = {
  uuid: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  email: '^[^\\s@]{1,64}@[^\\s@.]+(\\.[^\\s@.]+)+$',
  phone: '^\\+?[0-9][0-9 ()-]{3,28}[0-9]$',
  currency: '^[A-Z]{3}$',
  uri: '^https?://[^\\s/?#]+[^\\s]*$',
}

const defaultMaxLength = 200
const defaultMaxItems = 100

/** The schema of one message. Other messages are referred to by `$id`, e.g. `common.Money.output#`. */
export function messageSchema(message: Message, mode: SchemaMode, model: Model): Schema {
  const fields = message.fields.filter((field) => mode === 'call' || !field.rules.internal)
  const moved = mode === 'output' ? movedFields(message, model) : new Set<string>()
  const required = fields.filter((field) => isRequired(field, mode) && !moved.has(field.json))
  return {
    $id: `${message.name}.${mode}`,
    type: 'object',
    additionalProperties: mode === 'input' || mode === 'query' ? false : undefined,
    properties: Object.fromEntries(fields.map((field) => [field.json, fieldSchema(field, mode, model)])),
    required: required.length > 0 ? required.map((field) => field.json) : undefined,
    ...(mode === 'output' ? {} : presence(message, mode)),
  }
}

/** Answer fields that may travel in a header or a cookie instead. */
function movedFields(message: Message, model: Model): Set<string> {
  const moved = new Set<string>()
  for (const { response, rules } of model.methods) {
    if (response !== message) continue
    const names = rules?.responseHeaders.map(({ field }) => field) ?? []
    if (rules?.session === 'ISSUES' || rules?.session === 'RENEWS') names.push('refresh_token')
    for (const field of message.fields) if (names.includes(field.name)) moved.add(field.json)
  }
  return moved
}

function isRequired(field: Field, mode: SchemaMode): boolean {
  if (mode === 'output') return !field.optional
  if (field.rules.internal) return false
  return field.rules.required
}

function presence({ exactlyOne, atLeastOne, fields }: Message, mode: SchemaMode): Schema {
  const has = (json: string): Schema => {
    const list = fields.find((field) => field.json === json)?.shape === 'list'
    const there = mode === 'call' && list ? { type: 'array', minItems: 1 } : {}
    return { required: [json], properties: { [json]: there } }
  }
  return {
    oneOf: exactlyOne.length > 0 ? exactlyOne.map(has) : undefined,
    anyOf: atLeastOne.length > 0 ? atLeastOne.map(has) : undefined,
  }
}

function fieldSchema(field: Field, mode: SchemaMode, model: Model): Schema {
  const { rules, shape } = field
  const item = itemSchema(field, mode, model)
  if (shape === 'single') return singleSchema(field, mode, item)
  const strict = mode !== 'output'
  const most = strict ? rules.maxItems || defaultMaxItems : undefined
  const nullable = clearable(field, mode)
  if (shape === 'map') {
    const names = strict ? { maxLength: defaultMaxLength } : undefined
    return { type: 'object', nullable, maxProperties: most, propertyNames: names, additionalProperties: item }
  }
  return {
    type: 'array',
    nullable,
    minItems: (strict && rules.minItems) || undefined,
    maxItems: most,
    uniqueItems: (strict && rules.uniqueItems) || undefined,
    items: item,
  }
}

function singleSchema(field: Field, mode: SchemaMode, item: Schema): Schema {
  if (clearable(field, mode)) {
    if (item.$ref) return { anyOf: [{ type: 'null' }, item] }
    return { ...item, nullable: true, enum: item.enum && [...(item.enum as unknown[]), null] }
  }
  const implicit = mode === 'call' && !field.optional && !field.rules.required && field.type.kind === 'scalar'
  return implicit ? orZero(item) : item
}

function clearable(field: Field, mode: SchemaMode): true | undefined {
  return (mode === 'input' && field.rules.clearable) || undefined
}

/** In a message that went over the wire, "not sent" and the zero value are the same. */
function orZero(item: Schema): Schema {
  if (item.type === 'string' && (item.minLength || item.pattern || item.enum)) {
    return { anyOf: [{ type: 'string', const: '' }, item] }
  }
  const outside = (Number(item.minimum ?? 0) > 0 || Number(item.maximum ?? 0) < 0) && item.type !== 'string'
  return outside ? { anyOf: [{ type: item.type, const: 0 }, item] } : item
}

function itemSchema(field: Field, mode: SchemaMode, model: Model): Schema {
  const { type, rules } = field
  if (type.kind === 'timestamp') return { type: 'string', format: 'date-time' }
  if (type.kind === 'enum') return { type: 'string', enum: enumWords(field, type.enumName, mode, model) }
  if (type.kind === 'message') {
    const message = model.messages.get(type.messageName)
    if (!message) throw new ContractError(`The contract does not know ${type.messageName}, the type of ${field.name}.`)
    return { $ref: `${message.name}.${mode}#` }
  }
  if (type.scalar === 'bool') return { type: 'boolean' }
  if (type.scalar === 'double') return { type: 'number', minimum: rules.min, maximum: rules.max }
  if (type.scalar === 'bytes') return bytesSchema(field, mode)
  if (type.scalar === 'string') return stringSchema(field, mode)
  const [low, high] = ranges[type.scalar] as [number, number]
  if (mode === 'output') return { type: 'integer' }
  return { type: 'integer', minimum: Math.max(low, rules.min ?? low), maximum: Math.min(high, rules.max ?? high) }
}

function enumWords(field: Field, enumName: string, mode: SchemaMode, model: Model): string[] {
  const type = model.enums.get(enumName)
  if (!type) throw new ContractError(`The contract does not know ${enumName}, the type of ${field.name}.`)
  const mayBeZero = mode === 'call' && !field.rules.required && !field.optional && field.shape === 'single'
  return mayBeZero ? [type.zero, ...type.words] : type.words
}

/** Base64 in JSON; in a call the bytes themselves, which a JSON Schema cannot describe. */
function bytesSchema({ rules }: Field, mode: SchemaMode): Schema {
  if (mode === 'call') return {}
  return { type: 'string', contentEncoding: 'base64', maxLength: (mode !== 'output' && rules.maxLength) || undefined }
}

function stringSchema({ rules, name }: Field, mode: SchemaMode): Schema {
  if (mode === 'output') return { type: 'string' }
  const format = rules.format ? formats[rules.format] : undefined
  if (rules.format && !format)
    throw new ContractError(`The field ${name} has the format "${rules.format}", which is not known.`)
  if (format && rules.pattern) throw new ContractError(`The field ${name} has both a format and a pattern.`)
  return {
    type: 'string',
    minLength: rules.minLength || undefined,
    maxLength: rules.maxLength || defaultMaxLength,
    pattern: rules.pattern || format,
    enum: rules.oneOf.length > 0 ? rules.oneOf : undefined,
  }
}
