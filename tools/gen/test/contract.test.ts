import { deepEqual, equal, notEqual, ok } from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fastJsonStringify from 'fast-json-stringify'
import { schemas } from '../../../packages/contract/src/schemas.ts'
import type { Codec } from '../../../packages/contract/src/services.ts'
import type { Field, Message } from '../model.ts'
import { sample } from '../sample.ts'
import type { Schema } from '../schema.ts'
import { validators } from './validators.ts'
import { modelOf, projectRoot } from './workspace.ts'

// biome-ignore lint/suspicious/noExplicitAny: a message of any type
type Value = Record<string, any>

const model = await modelOf(projectRoot)
const messages = [...model.messages.values()].filter((message) => !message.wrapper)
const ajv = validators(schemas)

async function codecOf(message: Message): Promise<Codec<Value>> {
  const module = await import(join(projectRoot, 'packages/contract/src/gen', message.module))
  return module[message.typeName]
}

function stringifier(id: string): (value: unknown) => string {
  return fastJsonStringify({ $ref: `${id}#` }, { schema: schemas as never })
}

/** A value with every field filled. */
function full(message: Message, depth = 0): Value {
  return Object.fromEntries(message.fields.map((field) => [field.json, filled(field, depth)]))
}

function filled(field: Field, depth: number): unknown {
  const item = filledItem(field, depth)
  if (field.shape === 'list') return depth > 4 ? [] : [item]
  return field.shape === 'map' ? { [`a "key" of ${field.json}`]: item } : item
}

function filledItem({ type, json }: Field, depth: number): unknown {
  if (type.kind === 'timestamp') return '2030-01-02T03:04:05.678Z'
  if (type.kind === 'enum') return model.enums.get(type.enumName)?.words[0]
  if (type.kind === 'message') return full(model.messages.get(type.messageName) as Message, depth + 1)
  const values = {
    string: `"${json}" 文😀`,
    bool: true,
    bytes: new Uint8Array([1, 2]),
    int32: -7,
    uint32: 7,
    double: 0.5,
  }
  return type.scalar in values ? values[type.scalar as keyof typeof values] : 9007199254740991
}

/** What of `value` may be in JSON: internal fields are gone. */
function visible(message: Message, value: Value): Value {
  const open = message.fields.filter((field) => !field.rules.internal)
  return Object.fromEntries(open.map((field) => [field.json, visibleField(field, value[field.json])]))
}

function visibleField({ type, shape }: Field, value: unknown): unknown {
  if (type.kind !== 'message') return value
  const inner = model.messages.get(type.messageName) as Message
  const one = (item: unknown): unknown => visible(inner, item as Value)
  if (shape === 'list') return (value as unknown[]).map(one)
  if (shape === 'map') return Object.fromEntries(Object.entries(value as Value).map(([key, item]) => [key, one(item)]))
  return one(value)
}

test('the contract has contexts, methods and schemas', () => {
  ok(model.contexts.length > 5)
  ok(model.methods.length > 50)
  ok(Object.keys(schemas).length > 200)
})

for (const message of messages) {
  test(`${message.name}: message, codec and schemas have the same fields`, async () => {
    const keys = Object.keys((await codecOf(message)).fromPartial({})).sort()
    deepEqual(keys, message.fields.map((field) => field.json).sort())
    const own = Object.values(schemas).filter(({ $id }) => $id.replace(/\.\w+$/, '') === message.name)
    notEqual(own.length, 0, 'no method and no fact uses this message')
    for (const schema of own) {
      const internal = schema.$id.endsWith('.call') ? [] : message.fields.filter((field) => field.rules.internal)
      const hidden = internal.map((field) => field.json)
      deepEqual(
        Object.keys(schema.properties as object).sort(),
        keys.filter((key) => !hidden.includes(key)),
      )
    }
  })

  test(`${message.name}: the wire keeps every field`, async () => {
    const codec = await codecOf(message)
    const value = full(message)
    deepEqual(codec.decode(codec.encode(codec.fromPartial(value)).finish()), codec.fromPartial(value))
  })
}

for (const message of messages.filter(({ name }) => schemas[`${name}.output`] && name !== 'common.RawAnswer')) {
  test(`${message.name}: the answer's JSON is the message`, async () => {
    const value = (await codecOf(message)).fromPartial(full(message))
    const json = JSON.parse(stringifier(`${message.name}.output`)(value))
    deepEqual(json, visible(message, value))
    equal(ajv.validate(`${message.name}.output`, json), true, ajv.errorsText())
  })
}

test('nothing generated imports grpc, and what browsers use imports no codec', async () => {
  const source = join(projectRoot, 'packages/contract/src')
  const files = (await readdir(source, { recursive: true })).filter((path) => path.endsWith('.ts'))
  ok(files.length > 20)
  for (const path of files) equal((await readFile(join(source, path), 'utf8')).includes('@grpc'), false, path)
  for (const name of ['methods', 'errors', 'permissions', 'rates', 'masks']) {
    equal(/^import (?!type )/m.test(await readFile(join(source, `${name}.ts`), 'utf8')), false, name)
  }
})

test('every schema compiles with Ajv and fast-json-stringify', () => {
  for (const id of Object.keys(schemas)) {
    equal(typeof ajv.getSchema(id), 'function', id)
    equal(typeof stringifier(id), 'function', id)
  }
})

test('the sample of every request is valid', () => {
  for (const id of Object.keys(schemas).filter((name) => name.endsWith('.input') || name.endsWith('.query'))) {
    const value = sample(schemas[id] as Schema, schemas as Record<string, Schema>)
    equal(ajv.validate(id, value), true, `${id}: ${JSON.stringify(value)} ${ajv.errorsText()}`)
  }
})

test('an answer that lacks a field is not sent', () => {
  const stringify = stringifier('common.Money.output')
  equal(stringify({ currency: 'CNY', amount: 5 }), '{"currency":"CNY","amount":5}')
  let refused = false
  try {
    stringify({ currency: 'CNY' })
  } catch {
    refused = true
  }
  equal(refused, true)
})

test('every reference of the OpenAPI document leads somewhere, and every operation has its own id', async () => {
  const document = JSON.parse(await readFile(join(projectRoot, 'packages/contract/openapi.json'), 'utf8'))
  const ids = new Set<string>()
  let operations = 0
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { $ref, operationId } = value as { $ref?: unknown; operationId?: string }
    if (typeof $ref === 'string') {
      const target = $ref
        .slice(2)
        .split('/')
        .reduce((at, key) => at?.[key], document)
      ok(target, $ref)
    }
    if (operationId) {
      operations += 1
      ids.add(operationId)
    }
    for (const inner of Object.values(value)) visit(inner)
  }
  visit(document)
  const routes = model.methods.flatMap(({ http, rules }) => (http ? [http, ...(rules?.aliases ?? [])] : []))
  equal(operations, routes.length)
  equal(ids.size, routes.length)
})

test('the Postman collection has every route once', async () => {
  const collection = JSON.parse(await readFile(join(projectRoot, 'packages/contract/postman.json'), 'utf8'))
  const names = collection.item.flatMap((folder: { item: { name: string }[] }) => folder.item.map(({ name }) => name))
  const routes = model.methods.flatMap(({ http }) =>
    http ? [`${http.verb} ${http.path.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}`] : [],
  )
  deepEqual(names.sort(), routes.sort())
})
