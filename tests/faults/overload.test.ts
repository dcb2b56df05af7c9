import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { address, createApi } from '../api.ts'
import { withDatabase } from '../database.ts'
import { inParallel } from '../parallel.ts'
import { type System, startSystem } from '../system.ts'
import { campaign, figure, sayHowToReplay } from './campaign.ts'
import { arm, disarm } from './failpoint.ts'
import { testMain } from './kill.ts'
import { type Answer, type Lanes, openLanes } from './lanes.ts'
import { openPayment, placeOne, play } from './money.ts'
import { type Aim, closedModel, openModel, quantile, type Shot, tally } from './open-model.ts'
import type { Patient } from './patient.ts'
import { closeShop } from './run.ts'
import { settled } from './settle.ts'
import { createProductPatiently, openShop, registerPatiently, type Shop } from './shop.ts'
import { assertInvariants } from './verify.ts'

sayHowToReplay()

/** What is looked at later; a hundred thousand whole answers would weigh on the machine that is measured. */
type Brief = { status: number; body: string; id?: string; rude?: string }

const briefly = (answer: Answer | undefined): Brief | undefined => {
  if (!answer) return undefined
  const { status, head } = answer
  if (status < 300)
    return { status, body: '', id: status === 201 ? /"id":"([^"]+)"/.exec(answer.body)?.[1] : undefined }
  const civil = [429, 503].includes(status) && /^retry-after: \d+\r?$/im.test(head)
  return { status, body: answer.body, rude: civil ? undefined : `${head} ${answer.body}` }
}

/** Whatever the load: an answer, or a refusal that says when to come again; nothing else ever breaks. */
const assertCivil = (shots: readonly Shot<Brief>[]): void => {
  for (const { says, answer } of shots) assert.equal(answer?.rude, undefined, says)
}

const isAccepted = ({ answer }: Shot<Brief>): boolean => answer !== undefined && answer.status < 300

const wordsOf = (shots: readonly Shot<Brief>[], seconds: number): string => {
  const accepted = shots.filter(isAccepted)
  const refused = shots.filter((shot) => !isAccepted(shot))
  const spread = (list: typeof shots) =>
    `p50 ${Math.round(quantile(list, 0.5))} ms, p99 ${Math.round(quantile(list, 0.99))} ms`
  return `${Math.round(accepted.length / seconds)}/s accepted, ${spread(accepted)}; ${refused.length} refused, ${spread(refused)}`
}

const browse = (system: System, slug: number) => createApi(system.base).get(`/v1/products?q=thing${slug}`)

/** How often orders were asked for, and stock for them. */
const callsOf = async ({ ops }: System) => {
  const text = await (await fetch(`${ops}/metrics`)).text()
  const sum = (method: string) =>
    [...text.matchAll(/^souk_call_seconds_count\{(.*)\} (\d+)$/gm)]
      .filter(([, labels]) => labels!.includes(`method="${method}"`))
      .reduce((total, [, , count]) => total + Number(count), 0)
  return { placed: sum('order.OrderService/PlaceOrder'), reserved: sum('inventory.InventoryService/ReserveStock') }
}

/** As many clients as it lets orders in, and for how long each load lasts. */
const clients = 256
const seconds = campaign ? 20 : 3
/** More than are let in at once. */
const connections = 1000

describe('more than it can do', () => {
  const aimFor = async (shop: Shop, lanes: Lanes): Promise<Aim<Brief>> => {
    const skuId = await createProductPatiently(shop.admin, 1_000_000)
    const buyers = await Promise.all(Array.from({ length: 20 }, () => registerPatiently(shop)))
    const order = JSON.stringify({ lines: [{ skuId, quantity: 1 }], address })
    const item = JSON.stringify({ skuId, quantity: 1 })
    return (n) => {
      const authorization = `Bearer ${buyers[n % buyers.length]!.api.token}`
      const headers = { authorization, 'idempotency-key': randomUUID() }
      const send = (verb: string, path: string, body?: string) =>
        lanes.send({ verb, path, headers, body }).then(briefly)
      if (n % 5 === 0) return { says: 'orders', answer: send('GET', '/v1/orders') }
      if (n % 5 === 1) return { says: 'cart', answer: send('POST', '/v1/cart/items', item) }
      return { says: 'place', answer: send('POST', '/v1/orders', order) }
    }
  }

  const assertThere = (system: System, shots: readonly Shot<Brief>[]): Promise<void> =>
    withDatabase(system, async (client) => {
      const placed = shots.filter((shot) => shot.says === 'place' && isAccepted(shot))
      const ids = placed.map(({ answer }) => answer!.id)
      const { rowCount } = await client.query('select from souk_order.orders where id = any($1::uuid[])', [ids])
      assert.equal(rowCount, ids.length)
    })

  test('three times that: what is accepted is there, the rest is told when to come again, then all is well', async () => {
    const system = await startSystem('start')
    const lanes = openLanes(system.base, connections)
    try {
      const aim = await aimFor(await openShop(system), lanes)
      await closedModel({ clients, seconds: 2 }, aim)
      const most = await closedModel({ clients, seconds }, aim)
      const perSecond = Math.round((most.length / seconds) * 3)
      await lanes.fill()
      const all = await openModel({ perSecond, seconds }, aim)
      const flood = all.filter(({ answer }) => answer)
      const next = await closedModel({ clients: 8, seconds: 1 }, aim)
      figure(`as much as it can: ${wordsOf(most, seconds)}`)
      figure(`${perSecond}/s: ${wordsOf(flood, seconds)}; ${all.length - flood.length} found no free connection`)
      figure(`right after it: ${wordsOf(next, 1)}`)
      figure(JSON.stringify(tally(flood)))
      assert.equal(lanes.broken(), 0)
      assertCivil([...most, ...flood])
      const [accepted, refused] = [flood.filter(isAccepted), flood.filter((shot) => !isAccepted(shot))]
      assert.ok(refused.length > 0)
      assert.ok(accepted.length >= most.length / 4, `${accepted.length} accepted, ${most.length} before`)
      if (campaign) {
        assert.ok(accepted.length >= 0.8 * most.length, `${accepted.length} accepted, ${most.length} before`)
        assert.ok(quantile(accepted, 0.99) <= 2 * quantile(most, 0.99))
        assert.ok(quantile(refused, 0.5) <= quantile(accepted, 0.5))
      }
      assert.deepEqual(Object.keys(tally(next)).sort(), ['cart: 201', 'orders: 200', 'place: 201'])
      await settled(system)
      await assertThere(system, [...most, ...flood, ...next])
      await assertInvariants(system)
    } finally {
      lanes.close()
      await system.remove()
    }
  })
})

const parts = [
  ['inventory.reserve.beforeCommit', 'orders'],
  ['payment.capture.beforeCommit', 'payments'],
  ['payment.create.afterChannel', 'payments'],
] as const

describe('one part', () => {
  let system: System
  let shop: Shop
  let buyers: Patient[]

  before(async () => {
    system = await startSystem('start', { main: testMain })
    shop = await openShop(system)
    buyers = await Promise.all(Array.from({ length: 40 }, () => registerPatiently(shop)))
  })
  after(() => (shop ? closeShop(shop) : system?.remove()))

  const paying = async (buyer: Patient) => openPayment(buyer, (await placeOne(buyer, shop.skuIds[0]!)).id)

  for (const [point, load] of campaign ? parts : parts.slice(0, 2))
    test(`${point} stands still under ${load}: browsing goes on, and everything ends well afterwards`, async () => {
      const opened = load === 'payments' ? await inParallel(buyers, 8, paying) : []
      arm(system.dataDir, { point, act: 'wait' })
      const stuck =
        load === 'orders'
          ? buyers.map((buyer) => placeOne(buyer, shop.skuIds[0]!))
          : opened.map((payment) => play(system, payment, 'SUCCESS'))
      const aim = (n: number) => ({ says: 'browse', answer: browse(system, n) })
      const shots = await openModel({ perSecond: 50, seconds: 4 }, aim)
      disarm(system.dataDir)
      await Promise.all(stuck)
      assert.deepEqual(tally(shots), { 'browse: 200': 200 })
    })

  test('that always fails is asked once per request: nothing inside tries again on its own', async () => {
    const point = 'inventory.reserve.beforeCommit'
    arm(system.dataDir, { point, act: 'fail' })
    const before = await callsOf(system)
    const shots = await openModel({ perSecond: 50, seconds: 4 }, (n) => {
      const lines = [{ skuId: shop.skuIds[n % shop.skuIds.length], quantity: 1 }]
      return { says: 'place', answer: buyers[n % buyers.length]!.once('/v1/orders', { lines, address }) }
    })
    const after = await callsOf(system)
    disarm(system.dataDir)
    assert.deepEqual(tally(shots), { 'place: 503 UNAVAILABLE': 200 })
    assert.deepEqual([after.placed - before.placed, after.reserved - before.reserved], [200, 200])
  })
})
