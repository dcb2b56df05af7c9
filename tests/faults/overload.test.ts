import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { address, createApi, must } from '../api.ts'
import { inParallel } from '../parallel.ts'
import { type System, startSystem } from '../system.ts'
import { armedWith, gateOf } from './failpoint.ts'
import { testMain } from './kill.ts'
import { openPayment, placeOne, play } from './money.ts'
import { openModel, type Shot, tally } from './open-model.ts'
import type { Patient } from './patient.ts'
import { settled } from './settle.ts'
import { createProductPatiently, openShop, registerPatiently, type Shop } from './shop.ts'
import { assertKept } from './verify.ts'

const longestDeadlineMs = 15_000

/** Whatever the load: an answer within its deadline; refusals say when to come again; nothing else ever breaks. */
const assertCivil = (shots: readonly Shot[]): void => {
  for (const { says, answer, ms } of shots) {
    assert.ok(answer, `${says}: no answer; ${JSON.stringify(tally(shots))}`)
    if (answer.status >= 500) assert.equal(answer.status, 503, `${says}: ${answer.text}`)
    if (answer.status === 503 || answer.status === 429)
      assert.ok(answer.headers.get('retry-after'), `${says}: ${answer.text} without Retry-After`)
    assert.ok(ms < longestDeadlineMs, `${says}: ${Math.round(ms)} ms`)
  }
}

const browse = (system: System, slug: number) => createApi(system.base).get(`/v1/products?q=thing${slug}`)

describe('more than it can do', () => {
  let system: System
  let shop: Shop
  let buyers: Patient[]
  let skuId: string

  before(async () => {
    system = await startSystem('start')
    shop = await openShop(system)
    skuId = await createProductPatiently(shop.admin, 1_000_000)
    buyers = await Promise.all(Array.from({ length: 20 }, () => registerPatiently(shop)))
  })
  after(() => system?.remove())

  const send = (n: number) => {
    const buyer = buyers[n % buyers.length]!
    const lines = [{ skuId, quantity: 1 }]
    if (n % 5 === 0) return { says: 'browse', answer: browse(system, n) }
    if (n % 5 === 1) return { says: 'cart', answer: buyer.once('/v1/cart/items', { skuId, quantity: 1 }) }
    return { says: 'place', answer: buyer.once('/v1/orders', { lines, address }) }
  }

  test('a flood: what is accepted is answered, what is not says when to come again; then all is as before', async () => {
    const shots = await openModel({ perSecond: 2000, seconds: 4 }, send)
    console.log(tally(shots))
    assertCivil(shots)
    assert.ok(shots.some(({ says, answer }) => says === 'place' && answer?.status === 201))
    const next = await inParallel(
      Array.from({ length: 50 }, (_, n) => n),
      5,
      async (n) => {
        const { says, answer } = send(n)
        return { says, status: (await answer)?.status ?? 0 }
      },
    )
    for (const { says, status } of next) assert.ok(status < 300, `${says}: ${status}`)
    const placed = shots.flatMap(({ says, answer }) =>
      says === 'place' && answer?.status === 201 ? [answer.body] : [],
    )
    await inParallel(placed.slice(-100), 8, async ({ id }) => must(await shop.admin.get(`/v1/admin/orders/${id}`), 200))
    await settled(system)
  })
})

describe('one slow part', () => {
  for (const [point, load] of [
    ['inventory.reserve.beforeCommit', 'orders'],
    ['payment.capture.beforeCommit', 'payments'],
    ['payment.create.afterChannel', 'payments'],
  ] as const)
    test(`${point} stands still under ${load}: browsing goes on, and everything ends well afterwards`, async () => {
      const system = await startSystem('start', { main: testMain, env: armedWith({ point, act: 'wait' }) })
      const gate = gateOf(system.dataDir, point)
      try {
        const shop = await openShop(system)
        const buyers = await Promise.all(Array.from({ length: 40 }, () => registerPatiently(shop)))
        const paying = async (buyer: Patient) => {
          const order = await placeOne(buyer, shop.skuIds[0]!)
          const payment = await openPayment(buyer, order.id)
          return { order, payment }
        }
        const opened = load === 'payments' ? await inParallel(buyers, 8, paying) : []
        await mkdir(dirname(gate), { recursive: true })
        await writeFile(gate, '')
        const stuck =
          load === 'orders'
            ? buyers.map((buyer) => placeOne(buyer, shop.skuIds[0]!))
            : opened.map(({ payment }) => play(system, payment, 'SUCCESS'))
        const shots = await openModel({ perSecond: 50, seconds: 4 }, (n) => ({
          says: 'browse',
          answer: browse(system, n),
        }))
        await rm(gate)
        console.log(tally(shots))
        assert.deepEqual(Object.keys(tally(shots)), ['browse: 200'])
        await Promise.all(stuck)
        await settled(system)
        await assertKept(shop)
      } finally {
        await system.remove()
      }
    })
})
