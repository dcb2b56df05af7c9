import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attemptGraph, holdGraph, orderGraph, refundGraph } from './graphs.ts'
import { playScript, scriptOf, search, story } from './run.ts'
import { dbOf, services, type World } from './world.ts'

const seed = Number(process.env.SOUK_MODEL_SEED ?? 1)
const only = process.env.SOUK_MODEL_RUN
const count = Number(process.env.SOUK_MODEL_RUNS ?? 2000)

/** Moves that no verb makes yet: nothing is authorised apart, no order completes, nobody rejects a refund. */
const unreachable = /AUTHORISED|COMPLETED|REJECTED/

const edges = (of: string, graph: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.entries(graph).flatMap(([from, tos]) => tos.map((to) => `${of} ${from}>${to}`))

const seen = new Set<string>()
const look = ({ order, payment, inventory }: World): void => {
  for (const entries of order.timeline.all())
    for (const { was, status } of entries) if (was && was !== status) seen.add(`order ${was}>${status}`)
  for (const { id } of payment.attempts.all()) for (const move of payment.moves.get(id)!) seen.add(`attempt ${move}`)
  for (const { id } of payment.refunds.all()) for (const move of payment.moves.get(id)!) seen.add(`refund ${move}`)
  for (const { orderId, state } of inventory.holds.all().flat())
    seen.add(`hold ${state} ${order.orders.get(orderId)?.status}`)
}

describe(`order, inventory and payment under random schedules and faults, seed ${seed}`, () => {
  test(only ? `run ${only}` : `${count} runs`, () => {
    const runs = only ? [Number(only)] : Array(count).keys()
    const found = search(seed, runs, undefined, look)
    assert.equal(found && story(found), undefined)
  })

  if (only) return
  test('every legal move has been made', () => {
    const legal = [...edges('order', orderGraph), ...edges('attempt', attemptGraph), ...edges('refund', refundGraph)]
    assert.deepEqual(
      legal.filter((edge) => !unreachable.test(edge) && !seen.has(edge)),
      [],
    )
    for (const state of Object.keys(holdGraph).filter((state) => state !== 'HELD'))
      assert.ok(
        [...seen].some((word) => word.startsWith(`hold ${state} `)),
        state,
      )
  })
})

test('a run follows from its numbers alone', () => {
  const told = (world: World) =>
    JSON.stringify([services.map((service) => dbOf(world, service).outbox), world.payment.ledger.all()])
  const [first, again] = [1, 2].map(() => told(playScript(scriptOf(seed, 7)).world))
  assert.equal(first, again)
  assert.notEqual(first, told(playScript(scriptOf(seed, 8)).world))
})
