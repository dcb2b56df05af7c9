import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Shipment } from '@souk/contract/fulfillment'
import type { OrderAllocated } from '@souk/contract/order'
import { fault, faultOf, newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import { startContext, type TestContext } from '@souk/platform/testing'
import { fulfillment } from '../src/index.ts'

let app: TestContext
const asked: string[] = []
let orderSays: () => void = () => {}
/** Runs at the named kill point; throws to play a crash there. */
const failpoints = new Map<string, () => Promise<void>>()

before(async () => {
  app = await startContext(fulfillment, {
    clients: {
      'order.OrderDueService': {
        beginShipping: async ({ orderId, groupId }) => {
          asked.push(`${orderId}/${groupId}`)
          orderSays()
          return {}
        },
      },
    },
    failpoint: async (name) => failpoints.get(name)?.(),
  })
})
after(() => app.close())

const warehouse = () => app.as({ user: newId(), roles: ['warehouse'] })
const service = () => app.services['fulfillment.ShipmentAdminService']
const refused = (code: string) => (error: unknown) => faultOf(error)?.code === code

const allocated = (groups = 1): OrderAllocated => ({
  orderId: newId(),
  buyerId: newId(),
  number: 'S-1001',
  groups: Array.from({ length: groups }, () => ({
    groupId: newId(),
    merchantId: newId(),
    warehouseId: newId(),
    lines: [{ skuId: newId(), quantity: 2 }],
  })),
  address: {
    id: '',
    recipient: '王小明',
    phone: '+8613800000000',
    country: 'CN',
    province: '广东',
    city: '深圳',
    district: '南山',
    line1: '科技路 1 号',
    line2: '',
    postalCode: '518000',
    isDefault: false,
  },
})
const hearAllocated = (order: OrderAllocated, aggregateVersion = 4) =>
  app.hear({ type: 'order.OrderAllocated', aggregateId: order.orderId, aggregateVersion, payload: order })
const hearCancelling = (orderId: string, aggregateVersion = 5) =>
  app.hear({
    type: 'order.OrderCancelling',
    aggregateId: orderId,
    aggregateVersion,
    payload: { orderId, reason: 'BUYER' },
  })
const parcels = async (orderId: string): Promise<Shipment[]> =>
  (await service().listShipments({ orderId, status: 'UNSPECIFIED', pageSize: 0, pageToken: '' }, warehouse())).shipments
const parcel = async (order = allocated()): Promise<Shipment> => {
  await hearAllocated(order)
  return (await parcels(order.orderId))[0]!
}
const ship = (id: string, carrier = '顺丰速运', trackingNumber = 'SF1234567890123') =>
  service().shipShipment({ id, carrier, trackingNumber }, warehouse())
const deliver = (id: string) => service().deliverShipment({ id }, warehouse())
const saidOf = async (id: string) =>
  (await app.said()).filter((fact) => fact.aggregateId === id).map((fact) => `${fact.type} ${fact.aggregateVersion}`)

test('an allocated order gets one parcel per group, also when it is heard twice', async () => {
  const order = allocated(3)
  await hearAllocated(order, 4)
  await hearAllocated(order, 5)
  const list = await parcels(order.orderId)
  deepEqual(list.map((s) => s.groupId).sort(), order.groups.map((g) => g.groupId).sort())
  const first = list.find((s) => s.groupId === order.groups[0]!.groupId)!
  deepEqual(first.lines, order.groups[0]!.lines)
  deepEqual(first.address, order.address)
  equal(first.status, 'CREATED')
  equal(first.orderNumber, 'S-1001')
  equal(first.shippedAt, undefined)
})

test('ship and deliver move the parcel, tell the world once and leave audit rows', async () => {
  const made = await parcel()
  const shipped = await ship(made.id)
  equal(shipped.status, 'IN_TRANSIT')
  equal(shipped.carrier, '顺丰速运')
  deepEqual(await ship(made.id), shipped)
  const delivered = await deliver(made.id)
  equal(delivered.status, 'DELIVERED')
  deepEqual(await deliver(made.id), delivered)
  deepEqual(await ship(made.id), delivered)
  deepEqual(await saidOf(made.id), ['fulfillment.ShipmentShipped 1', 'fulfillment.ShipmentDelivered 2'])
  const audits = await app.db.all<{ action: string; actor: string }>(
    sql`select action, actor from ${app.db.schema}.audit where target = ${made.id} order by at`,
  )
  deepEqual(
    audits.map((row) => row.action),
    ['shipment.ship', 'shipment.deliver'],
  )
  equal(audits[0]!.actor.startsWith('user:'), true)
  const moves = await app.db.all<{ from_status: string; to_status: string }>(
    sql`select from_status, to_status from ${app.db.schema}.shipment_move where shipment_id = ${made.id}::uuid order by id`,
  )
  deepEqual(
    moves.map((m) => `${m.from_status}>${m.to_status}`),
    ['CREATED>LABELLED', 'LABELLED>PICKED_UP', 'PICKED_UP>IN_TRANSIT', 'IN_TRANSIT>DELIVERED'],
  )
})

test('what is not possible is refused and changes nothing', async () => {
  const made = await parcel()
  await rejects(deliver(made.id), refused('ILLEGAL_TRANSITION'))
  await ship(made.id)
  await rejects(ship(made.id, '顺丰速运', 'SF999'), refused('ILLEGAL_TRANSITION'))
  await rejects(ship(newId()), refused('NOT_FOUND'))
  await rejects(deliver('not-an-id'), refused('NOT_FOUND'))
  await rejects(
    service().shipShipment({ id: made.id, carrier: 'x', trackingNumber: 'y' }, app.as({ user: newId() })),
    refused('FORBIDDEN'),
  )
  deepEqual(await saidOf(made.id), ['fulfillment.ShipmentShipped 1'])
})

test('an order that is being cancelled does not let its parcel leave', async () => {
  const made = await parcel()
  orderSays = () => {
    throw fault('ILLEGAL_TRANSITION')
  }
  try {
    await rejects(ship(made.id), refused('ILLEGAL_TRANSITION'))
  } finally {
    orderSays = () => {}
  }
  equal((await parcels(made.orderId))[0]!.status, 'CREATED')
  deepEqual(await saidOf(made.id), [])
})

test('cancelling voids what is in the house, leaves what is on its way, and may be heard twice', async () => {
  const order = allocated(2)
  await hearAllocated(order)
  const [first, second] = await parcels(order.orderId)
  await ship(first!.id)
  await hearCancelling(order.orderId, 5)
  await app.hear({
    type: 'order.OrderCancelled',
    aggregateId: order.orderId,
    aggregateVersion: 6,
    payload: { orderId: order.orderId, reason: 'BUYER' },
  })
  const states = new Map((await parcels(order.orderId)).map((s) => [s.id, s.status]))
  equal(states.get(first!.id), 'IN_TRANSIT')
  equal(states.get(second!.id), 'VOIDED')
  deepEqual(await saidOf(second!.id), ['fulfillment.ShipmentException 1'])
  await rejects(ship(second!.id), refused('ILLEGAL_TRANSITION'))
})

test('an allocation that arrives after the cancellation creates nothing', async () => {
  const order = allocated()
  await hearCancelling(order.orderId, 3)
  await hearAllocated(order, 4)
  deepEqual(await parcels(order.orderId), [])
})

test('twenty people ship one parcel at once: it leaves once, with one number', async () => {
  const made = await parcel()
  const tries = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => ship(made.id, '顺丰速运', `SF${n % 2}`)))
  const now = (await parcels(made.orderId))[0]!
  for (const attempt of tries) {
    if (attempt.status === 'fulfilled') equal(attempt.value.trackingNumber, now.trackingNumber)
    else equal(faultOf(attempt.reason)?.code, 'ILLEGAL_TRANSITION')
  }
  equal(tries.filter(({ status }) => status === 'fulfilled').length, 10)
  deepEqual(await saidOf(made.id), ['fulfillment.ShipmentShipped 1'])
})

test('a parcel is either shipped or voided when both happen at once', async () => {
  for (let round = 0; round < 20; round++) {
    const made = await parcel()
    await Promise.allSettled([ship(made.id), hearCancelling(made.orderId)])
    const now = (await parcels(made.orderId))[0]!
    const said = await saidOf(made.id)
    equal(said.length, 1)
    equal(now.status === 'VOIDED' ? said[0] : 'fulfillment.ShipmentShipped 1', said[0]!)
  }
})

for (const point of ['fulfillment.ship.afterOrder', 'fulfillment.ship.beforeCommit', 'fulfillment.ship.afterCommit'])
  test(`a crash at ${point} is healed by the next try`, async () => {
    const made = await parcel()
    failpoints.set(point, async () => {
      failpoints.delete(point)
      throw new Error('crash')
    })
    await rejects(ship(made.id))
    equal((await ship(made.id)).status, 'IN_TRANSIT')
    deepEqual(await saidOf(made.id), ['fulfillment.ShipmentShipped 1'])
    equal(new Set(asked.filter((line) => line.startsWith(made.orderId))).size, 1)
  })

test('the list pages by key, newest first, and filters', async () => {
  const order = allocated(5)
  await hearAllocated(order)
  const seen: string[] = []
  let pageToken = ''
  do {
    const answer = await service().listShipments(
      { orderId: order.orderId, status: 'CREATED', pageSize: 2, pageToken },
      warehouse(),
    )
    seen.push(...answer.shipments.map((s) => s.id))
    pageToken = answer.nextPageToken
  } while (pageToken)
  equal(seen.length, 5)
  deepEqual(seen, [...new Set(seen)].sort().reverse())
  const none = await service().listShipments(
    { orderId: order.orderId, status: 'DELIVERED', pageSize: 0, pageToken: '' },
    warehouse(),
  )
  deepEqual(none.shipments, [])
  await rejects(
    service().listShipments({ orderId: '', status: 'UNSPECIFIED', pageSize: 0, pageToken: 'rubbish' }, warehouse()),
    refused('VALIDATION_FAILED'),
  )
  await rejects(
    service().listShipments(
      { orderId: '', status: 'UNSPECIFIED', pageSize: 0, pageToken: Buffer.from('["x"]').toString('base64url') },
      warehouse(),
    ),
    refused('VALIDATION_FAILED'),
  )
})

test('the path of a parcel cannot be rewritten by the service', async () => {
  const made = await parcel()
  await ship(made.id)
  await rejects(app.db.run(sql`update ${app.db.schema}.shipment_move set to_status = 'LOST'`), /permission denied/)
  await rejects(app.db.run(sql`delete from ${app.db.schema}.shipment_move`), /permission denied/)
})
