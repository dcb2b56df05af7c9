import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { address, must } from '../api.ts'
import { inParallel } from '../parallel.ts'
import { membersOf } from '../processes.ts'
import type { System } from '../system.ts'
import { campaign, figure, sayHowToReplay, seed } from './campaign.ts'
import { openPayment, play } from './money.ts'
import type { Patient } from './patient.ts'
import { pause, randomFrom } from './random.ts'
import { inShop } from './run.ts'
import { settled } from './settle.ts'
import { createProductPatiently, registerPatiently } from './shop.ts'

sayHowToReplay()

const stock = 100
const { wishes, width, kills } = campaign
  ? { wishes: 2000, width: 200, kills: 5 }
  : { wishes: 400, width: 80, kills: 2 }

type End = 'paid' | 'cancelled' | 'refused'

/** One who wants one; a fifth ask again with the same key, a tenth think better of it, the others pay. */
const want = async (system: System, buyer: Patient, skuId: string, random: () => number): Promise<End> => {
  const wish = { lines: [{ skuId, quantity: 1 }], address }
  const [key, impatient, fickle] = [randomUUID(), random() < 0.2, random() < 0.1]
  const answers = await Promise.all([
    buyer.post('/v1/orders', wish, key),
    ...(impatient ? [buyer.post('/v1/orders', wish, key)] : []),
  ])
  const answer = answers[0]!
  for (const other of answers) assert.deepEqual([other.status, other.body.id], [answer.status, answer.body.id])
  if (answer.body.code === 'OUT_OF_STOCK') return 'refused'
  const { id } = must(answer, 201)
  if (fickle) {
    must(await buyer.post(`/v1/orders/${id}/cancel`), 200)
    return 'cancelled'
  }
  const payment = await openPayment(buyer, id)
  const page = await buyer.see(`/v1/payments/${payment.id}`, ({ redirectUrl }) => redirectUrl !== '')
  await play(system, page, 'SUCCESS')
  await buyer.see(`/v1/orders/${id}`, ({ status }) => status === 'ALLOCATED')
  return 'paid'
}

const killInventory = async (system: System, random: () => number): Promise<void> => {
  for (let n = 0; n < kills; n++) {
    await pause(500 + random() * 1500)
    const rooms = membersOf(system).filter(({ name }) => name === 'inventory')
    process.kill(rooms[n % rooms.length]!.pid, 'SIGKILL')
  }
}

describe(`a hundred for many, SOUK_SEED=${seed}`, { skip: process.platform === 'win32' && 'needs signals' }, () => {
  const options = { args: ['--replicas', 'inventory=2,order=2'] }

  test(`${wishes} wishes, ${width} at once, inventory killed ${kills}x: exactly ${stock} are paid or free`, () =>
    inShop('start-services', options, async (shop, system) => {
      const random = randomFrom(seed)
      const skuId = await createProductPatiently(shop.admin, stock)
      const buyers = await inParallel(Array.from({ length: 40 }), 8, () => registerPatiently(shop))
      const wanting = inParallel(
        Array.from({ length: wishes }, (_, n) => n),
        width,
        (n) => want(system, buyers[n % buyers.length]!, skuId, random),
      )
      const [ends] = await Promise.all([wanting, killInventory(system, random)])
      await settled(system)
      const paid = ends.filter((end) => end === 'paid').length
      const { onHand, reserved, allocated, available } = must(await shop.admin.get(`/v1/admin/inventory/${skuId}`), 200)
        .warehouses[0]
      assert.deepEqual([onHand, reserved, allocated], [stock, 0, paid])
      assert.equal(paid + available, stock)
      figure(`${wishes} wishes for ${stock}: ${paid} paid, ${available} free, ${kills} kills`)
    }))
})
