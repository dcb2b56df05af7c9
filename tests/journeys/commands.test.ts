import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Api, address, createProduct, must, playSandbox, registerBuyer, signIn, until } from '../api.ts'
import { souk } from '../command.ts'
import { withDatabase } from '../database.ts'
import { type System, shapes, startSystem } from '../system.ts'

type Plant = {
  invariant: string
  of: 'sku' | 'order' | 'payment'
  table: string
  id: string
  set: string
  back: string
}

/** What the database's own constraints let through. */
const plants: readonly Plant[] = [
  {
    invariant: 'I2',
    of: 'sku',
    table: 'souk_inventory.stock',
    id: 'sku_id',
    set: 'on_hand = on_hand + 1',
    back: 'on_hand = on_hand - 1',
  },
  {
    invariant: 'I3',
    of: 'sku',
    table: 'souk_inventory.stock',
    id: 'sku_id',
    set: 'reserved = reserved + 1',
    back: 'reserved = reserved - 1',
  },
  {
    invariant: 'I5',
    of: 'order',
    table: 'souk_inventory.hold',
    id: 'order_id',
    set: "state = 'RELEASED'",
    back: "state = 'COMMITTED'",
  },
  { invariant: 'I6', of: 'order', table: 'souk_order.orders', id: 'id', set: 'paid = false', back: 'paid = true' },
  {
    invariant: 'I8',
    of: 'payment',
    table: 'souk_sandbox.book',
    id: 'payment_id::text',
    set: 'amount = amount + 1',
    back: 'amount = amount - 1',
  },
  {
    invariant: 'I9',
    of: 'payment',
    table: 'souk_payment.payment',
    id: 'id',
    set: 'refunded = refunded + 1',
    back: 'refunded = refunded - 1',
  },
  {
    invariant: 'I11',
    of: 'order',
    table: 'souk_order.orders',
    id: 'id',
    set: 'subtotal = subtotal + 1, total = total + 1',
    back: 'subtotal = subtotal - 1, total = total - 1',
  },
  {
    invariant: 'I13',
    of: 'order',
    table: 'souk_order.orders',
    id: 'id',
    set: "status = 'PAID'",
    back: "status = 'ALLOCATED'",
  },
]

for (const shape of shapes)
  describe(`the souk command beside a running system, ${shape}`, () => {
    let system: System
    let admin: Api

    before(async () => {
      system = await startSystem(shape)
      admin = await signIn(system.base, system.admin.email, system.admin.password)
    })
    after(() => system?.remove())

    const check = async (...args: string[]) => {
      const { code, stdout, stderr } = await souk(['check-invariants', ...args], system.env)
      const lines = stdout.split('\n').filter((line) => line !== '')
      return { code, stderr, findings: lines.map((line) => JSON.parse(line) as Record<string, string>) }
    }
    const sold = async () => {
      const { skuIds } = await createProduct(admin, { price: 4200 })
      const buyer = await registerBuyer(system.base)
      const order = must(await buyer.post('/v1/orders', { lines: [{ skuId: skuIds[0]!, quantity: 2 }], address }), 201)
      const payment = must(await buyer.post('/v1/payments', { orderId: order.id, method: 'sandbox' }), 201)
      must(await playSandbox(system.base, payment.redirectUrl, 'SUCCESS'), 200)
      await until(
        async () => must(await buyer.get(`/v1/orders/${order.id}`), 200),
        ({ status }) => status === 'ALLOCATED',
      )
      return { orderId: order.id as string, skuId: skuIds[0]!, paymentId: payment.id as string }
    }
    /** Plants a violation, looks at what the checker says, and takes it away again. */
    const planted = async ({ table, id, set, back }: Plant, subject: string) => {
      const change = (assignment: string) =>
        withDatabase(system, (client) => client.query(`update ${table} set ${assignment} where ${id} = $1`, [subject]))
      await change(set)
      try {
        return await check('--at-rest')
      } finally {
        await change(back)
      }
    }

    test('check-invariants: nothing to find after a purchase, and nothing is said', async () => {
      await sold()
      const { code, findings, stderr } = await until(
        () => check('--at-rest'),
        ({ code }) => code === 0,
      )
      assert.deepEqual({ code, findings, stderr }, { code: 0, findings: [], stderr: '' })
    })

    test('check-invariants: what is changed behind its back in a real purchase is found, with invariant and subject', async () => {
      const { skuId, orderId, paymentId } = await sold()
      for (const plant of plants) {
        const subject = { sku: skuId, order: orderId, payment: paymentId }[plant.of]
        const { code, findings } = await planted(plant, subject)
        assert.equal(code, 1, `${plant.invariant}: ${plant.set}`)
        const found = findings.find(({ invariant }) => invariant === plant.invariant)
        assert.ok(found, `${plant.invariant} is not among ${JSON.stringify(findings)}`)
        assert.ok(found.subject?.includes(subject) && found.detail, JSON.stringify(found))
      }
      assert.equal((await check('--at-rest')).code, 0)
    })

    test('doctor says what is wrong, each thing on a line, and ends with 1 when something is', async () => {
      const beside = await souk(['doctor'], system.env)
      assert.equal(beside.code, 1)
      assert.match(beside.stdout, new RegExp(`^BAD .*${new URL(system.base).port} is taken`, 'm'))
      const bad = await souk(['doctor'], { ...system.env, SOUK_PORT: 'eighty', SOUK_ADMIN_PASSWORD: 'hunter2' })
      assert.equal(bad.code, 1)
      for (const name of ['SOUK_PORT', 'SOUK_ADMIN_PASSWORD'])
        assert.match(bad.stdout, new RegExp(`^BAD .*${name}`, 'm'))
      assert.ok(!bad.stdout.includes('hunter2'))
      const lost = await souk(['doctor'], { ...system.env, DATABASE_URL: 'postgresql://souk:hunter2@127.0.0.1:1/souk' })
      assert.match(lost.stdout, /^BAD .*database/m)
      assert.ok(!(lost.stdout + lost.stderr).includes('hunter2'))
    })

    test('with the system stopped: doctor is content, migrate is up to date twice, the checker opens the data itself', async () => {
      await system.stop()
      try {
        const doctor = await souk(['doctor'], system.env)
        assert.deepEqual([doctor.code, /^BAD/m.test(doctor.stdout)], [0, false], doctor.stdout)
        for (let round = 0; round < 2; round++) {
          const migrate = await souk(['migrate'], system.env)
          assert.deepEqual([migrate.code, migrate.stdout], [0, 'up to date\n'])
        }
        const { code, findings } = await check('--at-rest')
        assert.deepEqual([code, findings], [0, []])
      } finally {
        await system.restart()
      }
    })

    test('unknown verbs, unknown contexts and nonsense end with 1 and a sentence', async () => {
      for (const args of [
        ['nonsense'],
        ['serve', 'nothing'],
        ['serve'],
        ['start-services', '--replicas', 'order=0'],
        ['import'],
      ]) {
        const { code, stderr } = await souk(args, system.env)
        assert.notEqual(code, 0, args.join(' '))
        assert.ok(stderr.length > 0, args.join(' '))
        assert.doesNotMatch(stderr, /\n\s+at /, `${args.join(' ')}: a stack is no sentence`)
      }
    })
  })
