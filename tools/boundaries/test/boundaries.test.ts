import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findViolations, importsOf } from '../boundaries.ts'
import { readSources } from '../main.ts'

const good = new Map([
  ['packages/kernel/src/money.ts', "import { fault } from './fault.ts'"],
  ['packages/kernel/src/fault.ts', ''],
  ['contexts/order/src/index.ts', "import { placeOrder } from './service/place-order.ts'"],
  ['contexts/order/src/service/place-order.ts', "import { place } from '../domain/place.ts'"],
  ['contexts/order/src/domain/place.ts', "import { add } from '@souk/kernel'"],
  ['contexts/payment/src/index.ts', "import { defineContext } from '@souk/platform'"],
  ['apps/server/src/contexts.ts', "import { order } from '@souk/order'"],
  ['tests/model/order.ts', "import { place } from '../../contexts/order/src/domain/place.ts'"],
])

describe('each row of the table bites', () => {
  for (const [what, file, source, says] of [
    [
      'kernel knows nobody',
      'packages/kernel/src/ids.ts',
      "import { Call } from '@souk/platform'",
      /kernel may not import platform/,
    ],
    [
      'contract knows nobody',
      'packages/contract/src/order.ts',
      "import { add } from '@souk/kernel'",
      /contract may not import kernel/,
    ],
    [
      'platform knows no context',
      'packages/platform/src/call.ts',
      "import type { x } from '@souk/order'",
      /platform may not import front door/,
    ],
    [
      'gateway knows no context',
      'packages/gateway/src/a.ts',
      "import { order } from '@souk/order'",
      /gateway may not import front door/,
    ],
    [
      'gateway names no context',
      'packages/gateway/src/a.ts',
      "import type { Order } from '@souk/contract/order'",
      /gateway names a context/,
    ],
    [
      'client stays in the browser',
      'packages/client/src/a.ts',
      "import { readFile } from 'node:fs'",
      /client may not import node/,
    ],
    [
      'client loads no server code',
      'packages/client/src/a.ts',
      "import { services } from '@souk/contract/services'",
      /server-side contract/,
    ],
    [
      'ui knows no platform',
      'packages/ui/src/a.ts',
      "import { sql } from '@souk/platform'",
      /ui may not import platform/,
    ],
    [
      'domain knows no platform',
      'contexts/order/src/domain/a.ts',
      "import type { Db } from '@souk/platform'",
      /domain of order may not import platform/,
    ],
    [
      'domain knows no store',
      'contexts/order/src/domain/a.ts',
      "import { find } from '../store.ts'",
      /may not import store/,
    ],
    ['domain reads no clock', 'contexts/order/src/domain/a.ts', 'export const now = () => Date.now()', /not pure/],
    ['domain has no chance', 'contexts/order/src/domain.ts', 'export const dice = () => Math.random()', /not pure/],
    [
      'faults only construct',
      'contexts/order/src/faults.ts',
      "import { find } from './store.ts'",
      /faults of order may not import store/,
    ],
    [
      'store calls nobody',
      'contexts/order/src/store/a.ts',
      "import { placeOrder } from '../service/place-order.ts'",
      /may not import service/,
    ],
    [
      'service hears no facts',
      'contexts/order/src/service/a.ts',
      "import { onFacts } from '../events.ts'",
      /may not import events/,
    ],
    [
      'events do not open the door',
      'contexts/order/src/events.ts',
      "import { order } from './index.ts'",
      /may not import front door/,
    ],
    [
      'a context never imports another',
      'contexts/order/src/service/a.ts',
      "import { payment } from '@souk/payment'",
      /imports another context/,
    ],
    [
      'not even its files',
      'contexts/order/src/service/a.ts',
      "import { x } from '../../../payment/src/store.ts'",
      /imports another context/,
    ],
    [
      'not even by a dynamic import',
      'contexts/order/src/service/a.ts',
      `const x = await ${'import'}('@souk/payment')`,
      /imports another context/,
    ],
    [
      'not even a type',
      'contexts/order/src/service/a.ts',
      "import type { x } from '@souk/payment'",
      /imports another context/,
    ],
    [
      'webs know no server',
      'apps/storefront/src/a.tsx',
      "import { run } from '@souk/server'",
      /web may not import server/,
    ],
    ['tools know no context', 'tools/x/a.ts', "import { order } from '@souk/order'", /tools may not import front door/],
    [
      'tests use public interfaces',
      'tests/journeys/a.ts',
      "import { find } from '../../contexts/order/src/store.ts'",
      /may not import store|another context/,
    ],
    [
      'the model decides by the domain, not by a store',
      'tests/model/a.ts',
      "import { find } from '../../contexts/order/src/store/orders.ts'",
      /model may not import store/,
    ],
    [
      'the model does without the platform',
      'tests/model/a.ts',
      "import { sql } from '@souk/platform'",
      /model may not/,
    ],
    [
      'tests do not lean on the model',
      'tests/journeys/a.ts',
      "import { place } from '../model/order.ts'",
      /tests may not import model/,
    ],
  ] as const)
    test(what, () => {
      const found = findViolations(new Map([...good, [file, source]]))
      assert.equal(found.length, 1, JSON.stringify(found))
      assert.match(found[0]!.says, says)
    })

  test('an import cycle is named, type imports count', () => {
    const found = findViolations(
      new Map([
        ['packages/kernel/src/a.ts', "import type { B } from './b.ts'"],
        ['packages/kernel/src/b.ts', "export { a } from './a.ts'"],
      ]),
    )
    assert.match(found[0]?.says ?? '', /cycle: packages\/kernel\/src\/a.ts → packages\/kernel\/src\/b.ts/)
  })

  test('nothing scanned is an error, not a success', () => assert.equal(findViolations(new Map()).length, 1))
  test('what is allowed is not reported', () => assert.deepEqual(findViolations(good), []))
})

test('imports over several lines, for effect, dynamic and re-exports are seen', () => {
  assert.deepEqual(
    importsOf("import {\n a,\n b,\n} from 'x'\nimport 'y'\nexport * from 'z'\nconst w = await import('w')"),
    ['x', 'y', 'z', 'w'],
  )
})

test('the house itself keeps to the table', async () => {
  const sources = await readSources()
  assert.ok(sources.size > 100)
  assert.deepEqual(findViolations(sources), [])
})
