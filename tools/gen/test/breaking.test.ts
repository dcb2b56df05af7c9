import { deepEqual, match } from 'node:assert/strict'
import { test } from 'node:test'
import { breakingChanges } from '../breaking.ts'
import { build, updateBaseline, withFolder } from '../buf.ts'
import { Workspace } from './workspace.ts'

const service = 'proto/souk/shop/v1/service.proto'

async function changes(file: string, text: string | RegExp, replacement: string): Promise<string[]> {
  const workspace = await Workspace.create()
  try {
    await updateBaseline(workspace.root)
    await workspace.replace(file, text, replacement)
    return await withFolder(async (folder) => breakingChanges(workspace.root, await build(workspace.root, folder)))
  } finally {
    await workspace.remove()
  }
}

for (const [says, file, text, replacement, sentence] of [
  [
    'a removed field',
    service,
    /int32 depth = 2 [^;]*;/,
    '',
    /"2" with name "depth" on message "GetItemRequest" was deleted/,
  ],
  [
    'a field removed with its number reserved',
    service,
    /int32 depth = 2 [^;]*;/,
    'reserved 2;',
    /"depth" .* was deleted/,
  ],
  ['a renamed field', service, 'int32 depth = 2', 'int32 deep = 2', /changed name from "depth" to "deep"/],
  ['another type', service, 'int64 pieces = 4', 'string pieces = 4', /"pieces" .* changed type/],
  ['a removed word', 'proto/souk/shop/v1/types.proto', 'DARK_GREEN = 2;', '', /enum value "2" .* was deleted/],
  ['a removed method', service, /rpc CountItem[^}]*};\s+}/, '', /RPC "CountItem" .* was deleted/],
  ['another path', service, 'post: "/v1/items"', 'post: "/v1/things"', /The route POST \/v1\/items .* is gone/],
  ['a removed alias', service, '/item/create', '/item/make', /The route POST \/item\/create .* is gone/],
  [
    'a field that became required',
    service,
    'format: "email"',
    'format: "email" required: true',
    /email of shop.CreateItemRequest became required/,
  ],
  [
    'another status of an error',
    'proto/souk/shop/v1/errors.proto',
    '409',
    '410',
    /The error SOLD_OUT changed its status/,
  ],
  [
    'another success status',
    service,
    'success_status: 201',
    'success_status: 202',
    /CreateItem answers 202, no longer 201/,
  ],
] as const) {
  test(`breaking: ${says}`, async () => match((await changes(file, text, replacement)).join('\n'), sentence))
}

for (const [says, file, text, replacement] of [
  ['an added field', service, 'string id = 1;\n  bytes', 'string id = 1;\n  string more = 3;\n  bytes'],
  ['an added word', 'proto/souk/shop/v1/types.proto', 'DARK_GREEN = 2;', 'DARK_GREEN = 2;\n    BLUE = 3;'],
  ['a field that is no longer required', service, 'required: true', 'required: false'],
] as const) {
  test(`not breaking: ${says}`, async () => deepEqual(await changes(file, text, replacement), []))
}
