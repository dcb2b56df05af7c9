import { equal, match, rejects } from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ContractError } from '../model.ts'
import { Workspace } from './workspace.ts'

const shop = 'proto/souk/shop/v1'
const item = 'access: SERVICE'

/** [what is wrong, file, text, its replacement, the sentence]. Each case starts from the sound fixture. */
const cases: [string, string, string | RegExp, string, RegExp][] = [
  ['no access annotation', 'service', 'access: SIGNED_IN', 'owner: true', /UpdateItem has no access annotation/],
  [
    'no annotation at all',
    'service',
    'option (souk.options.v1.method) = {access: SIGNED_IN};',
    '',
    /UpdateItem has no access annotation/,
  ],
  [
    'unknown permission',
    'service',
    'catalog:write',
    'catalog:paint',
    /CreateItem needs the permission "catalog:paint"/,
  ],
  ['permission missing', 'service', 'permission: "catalog:write"', '', /CreateItem needs the permission ""/],
  [
    'permission without PERMISSION',
    'service',
    'access: SIGNED_IN',
    'access: SIGNED_IN permission: "catalog:write"',
    /UpdateItem names a permission/,
  ],
  [
    'unknown rate class',
    'service',
    'rate_class: "write"',
    'rate_class: "wild"',
    /CreateItem has the rate class "wild"/,
  ],
  [
    'idempotent GET',
    'service',
    'access: PUBLIC',
    'access: PUBLIC idempotent: true',
    /GetItem is a GET and cannot be idempotent/,
  ],
  ['unknown path field', 'service', '/v1/items/{item_id}', '/v1/items/{other}', /GetItem has \{other\} in its path/],
  [
    'path field that is no string',
    'service',
    '/v1/items/{item_id}',
    '/v1/items/{depth}',
    /GetItem has \{depth\} in its path, which is not a string/,
  ],
  [
    'one route twice',
    'service',
    '/item/create',
    '/v1/items',
    /CreateItem and shop.ShopService\/CreateItem both answer POST \/v1\/items/,
  ],
  [
    'one route under two parameter names',
    'service',
    /verb: "POST"\s+path: "\/item\/create"/,
    'verb: "PATCH" path: "/v1/items/{name}"',
    /UpdateItem and shop.ShopService\/CreateItem both answer PATCH/,
  ],
  [
    'service method with a route',
    'service',
    `{${item}};`,
    `{${item}};\noption (google.api.http) = {get: "/v1/count"};`,
    /CountItem is for services only but has an http rule/,
  ],
  ['public method without a route', 'service', item, 'access: PUBLIC', /CountItem has no http rule/],
  ['cache on a POST', 'service', 'success_status: 201', 'cache: {ttl_ms: 1}', /CreateItem has an edge cache/],
  [
    'cache tag of a missing field',
    'service',
    '{response.id}',
    '{response.identity}',
    /GetItem names the field identity/,
  ],
  ['response header of a missing field', 'service', 'field: "etag"', 'field: "tag"', /GetItem names the field tag/],
  [
    'request header into an open field',
    'service',
    'access: SIGNED_IN',
    'access: SIGNED_IN headers: [{header: "X-Note", field: "note"}]',
    /UpdateItem fills note from X-Note; mark it internal/,
  ],
  [
    'raw body without its field',
    'service',
    'access: SIGNED_IN',
    'access: SIGNED_IN body: RAW',
    /UpdateItem takes a RAW body/,
  ],
  [
    'clearable without clear',
    'service',
    'repeated string clear = 4',
    'repeated string cleared = 4',
    /UpdateItem has clearable fields/,
  ],
  [
    'rule about a missing field',
    'service',
    '["email", "phone"]',
    '["email", "fax"]',
    /shop.CreateItemRequest has a rule about fax/,
  ],
  [
    'message in a query',
    'service',
    'int32 depth = 2 [(souk.options.v1.field) = {\n    min: 1\n    max: 3\n  }]',
    'Item depth = 2',
    /GetItem takes depth from the query/,
  ],
  [
    'streaming',
    'service',
    'returns (google.protobuf.Empty)',
    'returns (stream google.protobuf.Empty)',
    /CountItem streams/,
  ],
  ['unknown format', 'service', 'format: "email"', 'format: "e-mail"', /has the format "e-mail"/],
  ['duplicate error code', 'errors', 'SOLD_OUT', 'NOT_FOUND', /The error NOT_FOUND is declared twice/],
  ['error in one language', 'errors', 'zh: "已售罄。"', '', /SOLD_OUT needs its sentence in both languages/],
  ['error with a success status', 'errors', '409', '200', /SOLD_OUT has the status 200/],
  [
    'fact without its aggregate',
    'events',
    'aggregate_id: "item_id"',
    'aggregate_id: "shop_id"',
    /shop.ItemSold has the aggregate_id shop_id/,
  ],
  [
    'fact with a tag of a missing field',
    'events',
    'item:{item_id}',
    'item:{id}',
    /shop.ItemSold has the edge tag item:\{id\}/,
  ],
  [
    'oneof',
    'types',
    'optional string note = 4;',
    'oneof text {\n string note = 4;\n }',
    /shop.Item has the oneof text/,
  ],
  [
    'enum outside a wrapper',
    'types',
    '// Something to buy.',
    'enum Size {\n UNSPECIFIED = 0;\n}',
    /souk.shop.v1.Size stands outside a wrapper message/,
  ],
  [
    'zero value with a meaning',
    'types',
    'UNSPECIFIED = 0;\n    RED',
    'BLUE = 0;\n    RED',
    /Colour.Value is BLUE, not UNSPECIFIED/,
  ],
]

let sound: Workspace
before(async () => {
  sound = await Workspace.create()
})
after(() => sound.remove())

test('the fixture itself is sound', async () => {
  equal((await sound.model()).methods.length, 4)
})

for (const [says, file, text, replacement, sentence] of cases) {
  test(`refused: ${says}`, async () => {
    const workspace = await Workspace.create()
    try {
      await workspace.replace(`${shop}/${file}.proto`, text, replacement)
      await rejects(workspace.everything(), (error) => {
        match(String((error as Error).message), sentence)
        return error instanceof ContractError
      })
    } finally {
      await workspace.remove()
    }
  })
}

test('all that is wrong is said at once', async () => {
  const workspace = await Workspace.create()
  try {
    await workspace.replace(`${shop}/service.proto`, 'access: SIGNED_IN', 'owner: true')
    await workspace.replace(`${shop}/errors.proto`, 'SOLD_OUT', 'NOT_FOUND')
    await rejects(workspace.model(), (error) => {
      equal((error as Error).message.split('\n').length, 2)
      return true
    })
  } finally {
    await workspace.remove()
  }
})
