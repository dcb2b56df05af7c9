import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Api, address, createProduct, must, playSandbox, registerBuyer, signIn, until } from '../api.ts'
import { souk } from '../command.ts'
import { startLoad } from '../load.ts'
import { canSeeProcesses, childrenOf, membersOf, processesOf } from '../processes.ts'
import { type System, startSystem } from '../system.ts'

const recoveryMs = 60_000

describe('one process of many is killed', () => {
  let system: System
  let admin: Api
  let skuId: string

  before(async () => {
    system = await startSystem('start-services', { args: ['--replicas', 'gateway=2'] })
    admin = await signIn(system.base, system.admin.email, system.admin.password)
    skuId = (await createProduct(admin, { stock: 1000 })).skuIds[0]!
  })
  after(() => system?.remove())

  const pidsOf = (name: string): number[] =>
    membersOf(system).flatMap((member) => (member.name === name ? [member.pid] : []))

  /** From registration to stock: every context has its part in it. */
  const purchase = async (): Promise<string> => {
    const buyer = await registerBuyer(system.base)
    must(await buyer.post('/v1/cart/items', { skuId, quantity: 1 }), 201)
    const order = must(await buyer.post('/v1/orders', { fromCart: true, address }), 201)
    const payment = must(await buyer.post('/v1/payments', { orderId: order.id, method: 'sandbox' }), 201)
    must(await playSandbox(system.base, payment.redirectUrl, 'SUCCESS'), 200)
    await until(
      async () => must(await buyer.get(`/v1/orders/${order.id}`), 200),
      ({ status }) => status === 'ALLOCATED',
      recoveryMs,
    )
    await until(
      async () => must(await admin.get(`/v1/admin/shipments?orderId=${order.id}`), 200),
      ({ shipments }) => shipments.length > 0,
      recoveryMs,
    )
    return order.id
  }
  const succeeds = <T>(work: () => Promise<T>): Promise<T | Error> =>
    until(
      () => work().catch((error: Error) => error),
      (result) => !(result instanceof Error),
      recoveryMs,
    )

  test('each context in turn: it comes back by itself, the other processes stay, and a purchase passes whole', async (t) => {
    if (!canSeeProcesses()) return t.diagnostic('processes cannot be seen here')
    const names = [...new Set(system.members.map(({ name }) => name))].filter((name) => name !== 'gateway')
    assert.ok(names.length >= 8)
    await purchase()
    for (const name of names) {
      const everybody = childrenOf(system.child.pid!).map(({ pid }) => pid)
      const [victim] = pidsOf(name)
      assert.ok(victim, `there is no process of ${name}`)
      process.kill(victim, 'SIGKILL')
      await succeeds(purchase)
      const now = childrenOf(system.child.pid!).map(({ pid }) => pid)
      assert.equal(pidsOf(name).length, 1, name)
      assert.ok(!now.includes(victim), name)
      assert.deepEqual(
        everybody.filter((pid) => pid !== victim && !now.includes(pid)),
        [],
        `${name} took others with it`,
      )
      assert.match(system.output(), new RegExp(`${name} \\(pid ${victim}\\) ended with SIGKILL; starting it again`))
    }
    const { code, stdout } = await until(
      () => souk(['check-invariants', '--at-rest'], system.env),
      ({ code }) => code === 0,
      recoveryMs,
    )
    assert.deepEqual([code, stdout], [0, ''])
  })

  test('one gateway of two: new connections reach the other, and both serve again', async (t) => {
    if (!canSeeProcesses()) return t.diagnostic('processes cannot be seen here')
    const [victim, other] = pidsOf('gateway')
    assert.ok(victim && other)
    process.kill(victim, 'SIGKILL')
    // The supervisor hears of it when the last thread is gone, and with it the door it listened at.
    await until(
      async () => system.output(),
      (text) => text.includes(`gateway (pid ${victim}) ended with SIGKILL`),
    )
    const load = startLoad(
      system.base,
      Array.from({ length: 4 }, () => ({ what: 'read', verb: 'GET', path: '/v1/products', fresh: true })),
    )
    await until(
      async () => load.soFar().length,
      (count) => count > 100,
    )
    const unanswered = (await load.stop()).filter(({ status }) => status !== 200)
    assert.deepEqual(unanswered, [])
    await until(
      async () => pidsOf('gateway').length,
      (count) => count === 2,
    )
    const ready = ({ ops }: { ops: string }) =>
      fetch(`${ops}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      )
    for (const gateway of system.members.filter(({ name }) => name === 'gateway'))
      await until(
        () => ready(gateway),
        (ok) => ok,
        recoveryMs,
      )
    await succeeds(purchase)
  })

  test('told to stop while it is starting one again, it leaves no process behind', async (t) => {
    if (!canSeeProcesses()) return t.diagnostic('processes cannot be seen here')
    for (const pid of [...pidsOf('gateway').slice(1), ...pidsOf('payment')]) process.kill(pid, 'SIGKILL')
    await until(
      async () => pidsOf('payment').length,
      (count) => count === 0,
    )
    assert.equal(await system.stop(), 0)
    const left = await processesOf(system.dataDir)
    for (const { pid } of left) process.kill(pid, 'SIGKILL')
    assert.deepEqual(
      left.map(({ command }) => command),
      [],
    )
  })
})
