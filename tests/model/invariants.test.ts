import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Broken, createChecker } from './invariants.ts'
import { checkQuiet } from './quiescence.ts'
import { playScript, type Script, scriptOf } from './run.ts'
import type { World } from './world.ts'

/** What a tampering needs to find; undefined where it is not. */
const seek = {
  anything: () => true,
  shipped: ({ order }: World) =>
    order.orders.all().find(({ status, captured }) => status === 'SHIPPED' && captured > 0),
  allocated: ({ order }: World) => order.orders.all().find(({ status }) => status === 'ALLOCATED'),
  cancelled: ({ order }: World) => order.orders.all().find(({ status }) => status === 'CANCELLED'),
  captured: ({ payment }: World) =>
    payment.attempts.all().find((row) => row.captured > 0 && row.refunded === 0 && row.method === 'sandbox'),
  byLines: ({ payment }: World) => payment.refunds.all().find((row) => row.lines.length > 0 && row.status !== 'FAILED'),
  delivered: ({ psp }: World) => psp.messages.all().find(({ state }) => state === 'delivered'),
  voided: ({ fulfillment }: World) => fulfillment.shipments.all().find(({ status }) => status === 'VOIDED'),
  refused: ({ requests }: World) =>
    requests.find(({ route, answers }) => route === 'place' && answers[0]?.startsWith('refused')),
  answered: ({ requests }: World) => requests.find((row) => row.keyed && row.answers[0] && row.made.size > 0),
} satisfies Record<string, (world: World) => unknown>

type Needed = keyof typeof seek

const scripts = new Map<Needed, Script>()

/** A sound world, played to its end, in which there is what is needed. */
const worldWith = (needed: Needed): World => {
  for (let run = 0; run < 2000; run++) {
    const script = scripts.get(needed) ?? scriptOf(1, run)
    const { world } = playScript(script)
    if (!seek[needed](world)) continue
    scripts.set(needed, script)
    return world
  }
  throw new Error(`no world with ${needed}`)
}

/** Another state for the last hold of an order. */
const rehold = (world: World, orderId: string, state: 'HELD' | 'RELEASED' | 'COMMITTED'): void => {
  const { db, holds } = world.inventory
  db.tx(() => holds.put(orderId, holds.get(orderId)!.with(-1, { ...holds.get(orderId)!.at(-1)!, state })))
}

const relevel = (world: World, set: { onHand?: number; reserved?: number }): void => {
  const { db, levels } = world.inventory
  const [level] = levels.get('kettle')!
  const { onHand = 0, reserved = 0 } = set
  const changed = { ...level!, onHand: level!.onHand + onHand, reserved: level!.reserved + reserved }
  db.tx(() => levels.put('kettle', [changed, ...levels.get('kettle')!.slice(1)]))
}

type Tampering = readonly [id: string, says: string, needed: Needed, tamper: (world: World) => void]

const always: readonly Tampering[] = [
  ['I1', 'more is reserved than there is', 'anything', (world) => relevel(world, { reserved: 1000 })],
  ['I2', 'goods from nowhere', 'anything', (world) => relevel(world, { onHand: 1 })],
  ['I3', 'reserved for nobody', 'anything', (world) => relevel(world, { reserved: 1 })],
  [
    'I4',
    'the stock of an order that stands is free',
    'allocated',
    (world) => rehold(world, seek.allocated(world)!.id, 'RELEASED'),
  ],
  [
    'I6',
    'committed without money',
    'shipped',
    (world) => {
      const { id } = seek.shipped(world)!
      for (const attempt of world.payment.attempts.all())
        if (attempt.orderId === id) world.payment.db.tx(() => world.payment.attempts.remove(attempt.id))
      rehold(world, id, 'COMMITTED')
    },
  ],
  [
    'I7',
    'an entry that does not balance',
    'captured',
    ({ payment: { db, ledger } }) =>
      db.tx(() =>
        ledger.put('x', { ...ledger.all()[0]!, postings: [{ account: 'customer', currency: 'CNY', amount: 1 }] }),
      ),
  ],
  [
    'I9',
    'more back than came',
    'captured',
    (world) => {
      const row = seek.captured(world)!
      world.payment.db.tx(() => world.payment.attempts.put(row.id, { ...row, refunded: row.captured + 1 }))
    },
  ],
  [
    'I10',
    'charged twice',
    'captured',
    ({ psp: { db, book } }) => db.tx(() => book.put('x', book.all().find(({ kind }) => kind === 'charge')!)),
  ],
  [
    'I11',
    'a total that is not the sum',
    'shipped',
    (world) => {
      const row = seek.shipped(world)!
      world.order.db.tx(() => world.order.orders.put(row.id, { ...row, total: row.total + 1 }))
    },
  ],
  [
    'I13',
    'a status without its history',
    'allocated',
    (world) => {
      const row = seek.allocated(world)!
      world.order.db.tx(() => world.order.orders.put(row.id, { ...row, status: 'SHIPPED' }))
    },
  ],
  [
    'I13',
    'an attempt that leaves its end',
    'captured',
    (world) => {
      const { id } = seek.captured(world)!
      const { db, moves } = world.payment
      db.tx(() => moves.put(id, [...moves.get(id)!, 'CAPTURED>VOIDED']))
    },
  ],
  ['I15', 'a fact with two effects', 'anything', ({ order: { db } }) => db.tx(() => db.effects.put('payment/x#1', 2))],
  ['I16', 'a key with two orders', 'answered', (world) => void seek.answered(world)!.made.add('x')],
  ['I16', 'a key with two answers', 'answered', (world) => void seek.answered(world)!.answers.push('x')],
  [
    'I17',
    'a parcel of a cancelled order leaves',
    'voided',
    (world) => {
      const row = seek.voided(world)!
      const { db, shipments } = world.fulfillment
      db.tx(() => shipments.put(row.id, { ...row, status: 'IN_TRANSIT' }))
    },
  ],
  [
    'I17',
    'more units refunded than bought',
    'byLines',
    (world) => {
      const row = seek.byLines(world)!
      const { db, refunds } = world.payment
      db.tx(() => refunds.put(row.id, { ...row, lines: row.lines.map((line) => ({ ...line, quantity: 1000 })) }))
    },
  ],
  [
    'I19',
    'an answered callback that nobody kept',
    'delivered',
    (world) => {
      const row = seek.delivered(world)!
      const { db, callbacks } = world.payment
      db.tx(() => callbacks.remove(JSON.parse(row.body).eventId))
      world.psp.db.tx(() => world.psp.messages.put(row.id, row))
    },
  ],
  [
    'I20',
    'a band that is not what is there',
    'anything',
    (world) => {
      const { db, skus } = world.inventory
      db.tx(() => skus.put('kettle', { ...skus.get('kettle')!, band: 'UNSPECIFIED' as never }))
      relevel(world, {})
    },
  ],
]

const inTheEnd: readonly Tampering[] = [
  [
    'I4',
    'a cancelled order still holds stock',
    'cancelled',
    (world) => rehold(world, seek.cancelled(world)!.id, 'HELD'),
  ],
  ['I5', 'money without goods', 'shipped', (world) => rehold(world, seek.shipped(world)!.id, 'RELEASED')],
  [
    'I8',
    'the channel took more than we know',
    'captured',
    (world) => {
      const { db, book } = world.psp
      const { id } = seek.captured(world)!
      db.tx(() => book.put('x', { kind: 'charge', paymentId: id, refundId: '', money: { currency: 'CNY', amount: 1 } }))
    },
  ],
  [
    'I8',
    'money in suspense',
    'captured',
    (world) => {
      const { db, ledger } = world.payment
      const posting = { account: 'suspense' as const, currency: 'CNY', amount: 1 }
      const entry = { kind: 'suspense' as const, sourceType: 'payment' as const, sourceId: seek.captured(world)!.id }
      db.tx(() => ledger.put('x', { ...entry, postings: [posting, { ...posting, account: 'customer', amount: -1 }] }))
    },
  ],
  [
    'I10',
    'the order counts other money than payment',
    'shipped',
    (world) => {
      const row = seek.shipped(world)!
      world.order.db.tx(() => world.order.orders.put(row.id, { ...row, captured: row.captured + 1 }))
    },
  ],
  ['I14', 'a fact nobody took', 'shipped', ({ order: { db } }) => db.tx(() => db.effects.clear())],
  ['I14', 'a parked fact', 'shipped', ({ order: { db } }) => db.tx(() => db.parked.put('x', db.outbox[0]!))],
  ['I19', 'refused, and yet there', 'refused', (world) => void seek.refused(world)!.made.add('x')],
  [
    'I22',
    'an order that stays where it is',
    'allocated',
    (world) => {
      const row = seek.allocated(world)!
      world.order.db.tx(() => world.order.orders.put(row.id, { ...row, status: 'PAID' }))
    },
  ],
]

const idOf = (check: () => void): string | undefined => {
  try {
    check()
  } catch (error) {
    if (error instanceof Broken) return error.id
    throw error
  }
  return undefined
}

describe('each invariant bites', () => {
  for (const [id, says, needed, tamper] of always)
    test(`${id} after every step: ${says}`, () => {
      const world = worldWith(needed)
      const check = createChecker(world)
      assert.equal(idOf(check), undefined)
      tamper(world)
      assert.equal(idOf(check), id)
    })
  for (const [id, says, needed, tamper] of inTheEnd)
    test(`${id} in the end: ${says}`, () => {
      const world = worldWith(needed)
      assert.equal(
        idOf(() => checkQuiet(world)),
        undefined,
      )
      tamper(world)
      assert.equal(
        idOf(() => checkQuiet(world)),
        id,
      )
    })
})
