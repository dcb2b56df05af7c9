import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { allSchemas } from '../schemas-file.ts'
import { validators } from './validators.ts'
import { Workspace } from './workspace.ts'

const workspace = await Workspace.create()
const schemas = allSchemas(await workspace.model())
await workspace.remove()
const ajv = validators(schemas)
const coercing = validators(schemas, { coerceTypes: 'array' })

const body = { name: 'abc', email: 'a@b.cn' }
const call = { name: 'abc', email: 'a@b.cn', pieces: 0, tags: [], words: {}, colour: 'UNSPECIFIED', size: '' }
const answer = {
  id: '',
  itemName: '',
  price: { currency: 'CNY', amount: 0 },
  colour: 'RED',
  tags: [],
  words: {},
  madeAt: '2030-01-01T00:00:00Z',
}

/** [what is shown, schema, value, the rules it breaks]. */
const cases: [string, string, unknown, string[]][] = [
  ['a smallest body', 'shop.CreateItemRequest.input', body, []],
  ['required', 'shop.CreateItemRequest.input', { email: 'a@b.cn' }, ['required']],
  ['unknown field', 'shop.CreateItemRequest.input', { ...body, extra: 1 }, ['additionalProperties']],
  ['snake_case is unknown', 'shop.UpdateItemRequest.input', { id: 'x', item_id: 'y' }, ['additionalProperties']],
  ['a number is no string', 'shop.CreateItemRequest.input', { ...body, name: 12 }, ['type']],
  ['a string is no number', 'shop.CreateItemRequest.input', { ...body, pieces: '2' }, ['type']],
  ['true is no number', 'shop.CreateItemRequest.input', { ...body, pieces: true }, ['type']],
  ['null is nothing', 'shop.CreateItemRequest.input', { ...body, pieces: null }, ['type']],
  ['too short', 'shop.CreateItemRequest.input', { ...body, name: '' }, ['minLength', 'pattern']],
  ['code points are counted', 'shop.CreateItemRequest.input', { ...body, name: '😀'.repeat(10) }, []],
  ['too long', 'shop.CreateItemRequest.input', { ...body, name: 'a'.repeat(11) }, ['maxLength']],
  ['200 characters unless told otherwise', 'shop.UpdateItemRequest.input', { id: 'x'.repeat(201) }, ['maxLength']],
  ['pattern', 'shop.CreateItemRequest.input', { ...body, name: 'A' }, ['pattern']],
  ['e-mail', 'shop.CreateItemRequest.input', { ...body, email: 'a@b' }, ['pattern']],
  ['phone', 'shop.CreateItemRequest.input', { name: 'a', phone: '12-' }, ['pattern']],
  ['a good phone', 'shop.CreateItemRequest.input', { name: 'a', phone: '+86 138-0000-0000' }, []],
  ['below the least', 'shop.CreateItemRequest.input', { ...body, pieces: 0 }, ['minimum']],
  ['2^53 - 1', 'shop.CreateItemRequest.input', { ...body, pieces: 9007199254740991 }, []],
  ['beyond 2^53 - 1', 'shop.CreateItemRequest.input', { ...body, pieces: 2 ** 53 }, ['maximum']],
  ['a fraction', 'shop.CreateItemRequest.input', { ...body, pieces: 1.5 }, ['type']],
  ['int32', 'shop.GetItemRequest.query', { itemId: 'x', depth: 2 ** 31 }, ['maximum']],
  ['too many items', 'shop.CreateItemRequest.input', { ...body, tags: ['a', 'b', 'c'] }, ['maxItems']],
  ['the same item twice', 'shop.CreateItemRequest.input', { ...body, tags: ['a', 'a'] }, ['uniqueItems']],
  ['a long item', 'shop.CreateItemRequest.input', { ...body, tags: ['a'.repeat(201)] }, ['maxLength']],
  ['a map', 'shop.CreateItemRequest.input', { ...body, words: { a: 'b' } }, []],
  ['a map of numbers', 'shop.CreateItemRequest.input', { ...body, words: { a: 1 } }, ['type']],
  ['a word', 'shop.CreateItemRequest.input', { ...body, colour: 'DARK_GREEN' }, []],
  ['the zero word', 'shop.CreateItemRequest.input', { ...body, colour: 'UNSPECIFIED' }, ['enum']],
  ['a number for a word', 'shop.CreateItemRequest.input', { ...body, colour: 1 }, ['enum', 'type']],
  ['one of', 'shop.CreateItemRequest.input', { ...body, size: 'M' }, ['enum']],
  ['neither of exactly one', 'shop.CreateItemRequest.input', { name: 'a' }, ['oneOf', 'required', 'required']],
  ['both of exactly one', 'shop.CreateItemRequest.input', { ...body, phone: '+8613800000000' }, ['oneOf']],
  ['null clears a clearable field', 'shop.UpdateItemRequest.input', { id: 'x', note: null, tags: null }, []],
  ['null does not clear another', 'shop.UpdateItemRequest.input', { id: null }, ['type']],
  [
    'an internal field is unknown',
    'shop.UpdateItemRequest.input',
    { id: 'x', clear: ['note'] },
    ['additionalProperties'],
  ],
  [
    'a call carries internal fields',
    'shop.UpdateItemRequest.call',
    { id: 'x', note: undefined, tags: [], clear: ['note'] },
    [],
  ],
  ['a call carries zero values', 'shop.CreateItemRequest.call', call, []],
  ['a call is checked', 'shop.CreateItemRequest.call', { ...call, pieces: -1 }, ['anyOf', 'const', 'minimum']],
  [
    'a required field of a call is checked',
    'shop.CreateItemRequest.call',
    { ...call, name: '' },
    ['minLength', 'pattern'],
  ],
  ['bytes of a call', 'shop.CountItemRequest.call', { id: '', picture: new Uint8Array(3) }, []],
  ['an answer', 'shop.Item.output', answer, []],
  ['an answer lacks a field', 'shop.Item.output', { ...answer, tags: undefined }, ['required']],
  ['an answer without its price', 'shop.Item.output', { ...answer, price: undefined }, ['required']],
  ['an optional field of an answer', 'shop.Item.output', { ...answer, note: 'x' }, []],
  ['an answer with the zero word', 'shop.Item.output', { ...answer, colour: 'UNSPECIFIED' }, ['enum']],
  ['an answer with another time', 'shop.Item.output', { ...answer, madeAt: 'today' }, ['format']],
]

for (const [says, id, value, rules] of cases) {
  test(`${id}: ${says}`, () => {
    const validate = ajv.getSchema(id)
    validate?.(value)
    deepEqual((validate?.errors ?? []).map(({ keyword }) => keyword).sort(), rules)
  })
}

test('a query is coerced and then held to the same rules', () => {
  const query = { itemId: 'x', depth: '2' }
  equal(coercing.validate('shop.GetItemRequest.query', query), true)
  deepEqual(query, { itemId: 'x', depth: 2 })
  for (const depth of ['', 'two', '4', '1.5']) {
    equal(coercing.validate('shop.GetItemRequest.query', { itemId: 'x', depth }), false)
  }
})

test('fields that never leave the server are in no input and no answer', () => {
  equal(JSON.stringify(schemas['shop.Item.output']).includes('etag'), false)
  equal(JSON.stringify(schemas['shop.UpdateItemRequest.input']).includes('clear'), false)
})

test('a hostile text of 256 kB is refused', () => {
  const texts = ['a@'.repeat(131_072), `a@${'b.'.repeat(131_071)}`, '+1'.padEnd(262_144, ' '), '1-'.repeat(131_072)]
  for (const text of texts) {
    equal(ajv.validate('shop.CreateItemRequest.input', { name: 'a', email: text }), false)
    equal(ajv.validate('shop.CreateItemRequest.input', { name: 'a', phone: text }), false)
  }
})
