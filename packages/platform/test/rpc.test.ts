import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Order } from '@souk/contract/order'
import { Fault, newId } from '@souk/kernel'
import { createServiceTokens } from '../src/auth/service-token.ts'
import type { Call } from '../src/call.ts'
import type { ServiceName } from '../src/context.ts'
import { createClient, type Transport } from '../src/rpc/clients.ts'
import { interceptors } from '../src/rpc/dispatch.ts'
import { grpcTransport } from '../src/rpc/grpc-client.ts'
import { type GrpcServer, startGrpcServer } from '../src/rpc/grpc-server.ts'
import { localTransport } from '../src/rpc/local.ts'
import { silentLog } from '../src/telemetry/log.ts'
import { createMetrics } from '../src/telemetry/metrics.ts'
import { callAs } from '../src/testing/index.ts'

const zero = { currency: 'CNY', amount: 0 }
const order = (id: string): Order => ({
  id,
  number: '订单-1',
  status: 'AWAITING_PAYMENT',
  paymentStatus: 'UNPAID',
  fulfillmentStatus: 'UNFULFILLED',
  lines: [],
  subtotal: zero,
  discount: zero,
  freight: zero,
  tax: zero,
  total: { currency: 'CNY', amount: Number.MAX_SAFE_INTEGER },
  address: undefined,
  note: '',
  payBefore: undefined,
  groups: [],
  timeline: [],
  cancelReason: undefined,
  captured: zero,
  refunded: zero,
  createdAt: '2026-01-02T03:04:05.678Z',
  version: 1,
  actions: [],
  buyerId: 'b',
})

/** One fake verb per behaviour; the same services stand behind every transport. */
let seen: Call | undefined
const services = {
  'order.OrderService': {
    getOrder: async ({ id }: { id: string }, call: Call) => {
      seen = call
      if (id === 'refused')
        throw new Fault('ILLEGAL_TRANSITION', { state: 'PAID' }, [{ field: 'id', rule: 'state', message: 'too late' }])
      if (id === 'bug') throw new TypeError('undefined is not a function')
      if (id === 'slow') await new Promise((wake) => setTimeout(wake, 2000).unref())
      return order(id)
    },
  },
  'order.OrderDueService': { getOwner: async () => ({ buyerId: 'b', lines: [] }) },
  'inventory.InventoryService': {
    releaseStock: async () => ({ orderId: 'o', attempt: 1, state: 'RELEASED', lines: [], expiresAt: undefined }),
  },
  'payment.PaymentAdminService': {
    refundPayment: async () => ({
      id: 'r',
      amount: zero,
      status: 'SENT',
      reason: '',
      createdAt: '2026-01-02T03:04:05.678Z',
      paymentId: 'p',
    }),
  },
}

const local = localTransport(services as never, interceptors(silentLog, createMetrics()))
const tokens = createServiceTokens('one installation', 'cart')
let server: GrpcServer
let remote: { transport: Transport; close(): void }

before(async () => {
  const names = Object.keys(services) as ServiceName[]
  server = await startGrpcServer({ services: names, callees: ['order'], transport: local, tokens, bind: '127.0.0.1:0' })
  const target = `ipv4:127.0.0.1:${server.port}`
  const channels = new Map(
    ['order', 'inventory', 'payment'].map((name) => [
      name,
      grpcTransport(name, target, createServiceTokens('one installation', 'gateway')),
    ]),
  )
  remote = {
    transport: (service, method) => channels.get(service.split('.')[0]!)!.transport(service, method),
    close: () => {
      for (const channel of channels.values()) channel.close()
    },
  }
})
after(async () => {
  remote.close()
  await server.drain(1000)
})

for (const [shape, transport] of [
  ['direct', () => local],
  ['encoded', () => localTransport(services as never, interceptors(silentLog, createMetrics()), { encode: true })],
  ['gRPC', () => remote.transport],
] as const)
  describe(`calls, ${shape}`, () => {
    const client = (service: ServiceName) => createClient((s, m) => transport()(s, m), service, undefined)
    // Made when the test runs: a deadline counts from then.
    const buyer = () => callAs({ user: newId() })

    test('an answer comes back equal, Chinese text and the largest safe integer included', async () => {
      assert.deepEqual(await client('order.OrderService').getOrder!({ id: 'a' }, buyer()), order('a'))
    })
    test('the call travels: actor, locale, key, trace', async () => {
      const call = { ...callAs({ user: newId(), key: 'k', locale: 'zh-CN' }), requestHash: 'h' }
      await client('order.OrderService').getOrder!({ id: 'a' }, call)
      assert.deepEqual(
        [seen?.actor, seen?.locale, seen?.idempotencyKey, seen?.requestHash, seen?.traceparent],
        [call.actor, 'zh-CN', 'k', 'h', call.traceparent],
      )
      assert.equal(seen?.method, 'order.OrderService/GetOrder')
    })
    test('a Fault keeps its code, details and violations', async () => {
      await assert.rejects(client('order.OrderService').getOrder!({ id: 'refused' }, buyer()), (error: Fault) => {
        assert.deepEqual(
          [error.code, error.params, error.violations],
          ['ILLEGAL_TRANSITION', { state: 'PAID' }, [{ field: 'id', rule: 'state', message: 'too late' }]],
        )
        return true
      })
    })
    test('a bug becomes INTERNAL and says nothing of itself', async () => {
      await assert.rejects(
        client('order.OrderService').getOrder!({ id: 'bug' }, buyer()),
        (error: Fault) => error.code === 'INTERNAL' && !/function/.test(error.message),
      )
    })
    test('a deadline ends the wait', async () => {
      await assert.rejects(
        client('order.OrderService').getOrder!({ id: 'slow' }, callAs({ user: newId(), deadlineMs: 100 })),
        { code: 'DEADLINE_EXCEEDED' },
      )
    })
    test('no work starts after the deadline', async () => {
      seen = undefined
      await assert.rejects(
        client('order.OrderService').getOrder!({ id: 'a' }, callAs({ user: newId(), deadlineMs: -1 })),
        { code: 'DEADLINE_EXCEEDED' },
      )
      assert.equal(seen, undefined)
    })
    for (const [who, service, method, call, code] of [
      ['anonymous reads an order', 'order.OrderService', 'getOrder', () => callAs(), 'UNAUTHENTICATED'],
      [
        'an API key reads an order',
        'order.OrderService',
        'getOrder',
        () => callAs({ apiKey: 'k', scopes: ['order:read'] }),
        'FORBIDDEN',
      ],
      ['a buyer asks a service method', 'order.OrderDueService', 'getOwner', buyer, 'FORBIDDEN'],
      [
        'an administrator moves stock by hand',
        'inventory.InventoryService',
        'releaseStock',
        () => callAs({ user: 'a', roles: ['admin'] }),
        'FORBIDDEN',
      ],
      [
        'a key without the scope moves stock',
        'inventory.InventoryService',
        'releaseStock',
        () => callAs({ apiKey: 'k', scopes: ['order:read'] }),
        'FORBIDDEN',
      ],
      [
        'staff refunds without stepping up',
        'payment.PaymentAdminService',
        'refundPayment',
        () => callAs({ user: 's', roles: ['support'] }),
        'STEP_UP_REQUIRED',
      ],
      [
        'a buyer refunds',
        'payment.PaymentAdminService',
        'refundPayment',
        () => ({ ...buyer(), steppedUp: true }),
        'FORBIDDEN',
      ],
    ] as const)
      test(`${who}: ${code}`, () =>
        assert.rejects(client(service)[method]!({ id: 'a', orderId: newId(), reason: 'r' }, call()), { code }))
    test('a key with the scope moves stock', async () => {
      await client('inventory.InventoryService').releaseStock!(
        { orderId: newId() },
        callAs({ apiKey: 'k', scopes: ['inventory:operate'] }),
      )
    })
  })

test('gRPC: without a service token, or with one for another callee, nobody gets in', async () => {
  const target = `ipv4:127.0.0.1:${server.port}`
  for (const stranger of [
    createServiceTokens('another installation', 'gateway'),
    { issue: async () => '', verify: async () => undefined },
  ]) {
    const channel = grpcTransport('order', target, stranger)
    await assert.rejects(channel.transport('order.OrderService', 'getOrder')!({ id: 'a' }, callAs({ user: 'u' })), {
      code: 'UNAUTHENTICATED',
    })
    channel.close()
  }
  const wrong = grpcTransport('inventory', target, createServiceTokens('one installation', 'gateway'))
  await assert.rejects(wrong.transport('order.OrderService', 'getOrder')!({ id: 'a' }, callAs({ user: 'u' })), {
    code: 'UNAUTHENTICATED',
  })
  wrong.close()
})

test('gRPC: a message that breaks the contract is refused before the verb', async () => {
  seen = undefined
  await assert.rejects(
    remote.transport('order.OrderService', 'getOrder')!({ id: 'x'.repeat(100) }, callAs({ user: 'u' })),
    { code: 'VALIDATION_FAILED' },
  )
  assert.equal(seen, undefined)
})

test('gRPC: nobody there is UNAVAILABLE', async () => {
  const channel = grpcTransport('order', 'ipv4:127.0.0.1:1', tokens)
  await assert.rejects(
    channel.transport('order.OrderService', 'getOrder')!({ id: 'a' }, callAs({ user: 'u', deadlineMs: 3000 })),
    { code: 'UNAVAILABLE' },
  )
  channel.close()
})
