import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Client,
  credentials,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js'
import { definitions } from '../../../packages/contract/src/grpc.ts'
import { GetOrderRequest, Order } from '../../../packages/contract/src/order.ts'

type Answer = (error: Error | null, order?: Order) => void

test('grpc-js serves and calls a service by its generated definition', async () => {
  const definition = definitions['order.OrderService']
  const order = Order.fromPartial({
    id: 'o1',
    status: 'AWAITING_PAYMENT',
    total: { currency: 'CNY', amount: 2 ** 40 },
    createdAt: '2030-01-02T03:04:05.678Z',
    lines: [{ skuId: 's1', quantity: 2, options: { colour: 'red' } }],
  })
  const server = new Server()
  server.addService(definition, {
    getOrder: (call: ServerUnaryCall<GetOrderRequest, Order>, answer: sendUnaryData<Order>) =>
      answer(null, { ...order, id: call.request.id }),
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  const Orders = makeGenericClientConstructor(definition, 'OrderService')
  const client = new Orders(`127.0.0.1:${port}`, credentials.createInsecure()) as unknown as Client & {
    getOrder(request: GetOrderRequest, answer: Answer): void
  }
  try {
    const answered = await new Promise<Order | undefined>((resolve, reject) => {
      client.getOrder(GetOrderRequest.fromPartial({ id: 'o2' }), (error, found) =>
        error ? reject(error) : resolve(found),
      )
    })
    deepEqual(answered, { ...order, id: 'o2' })
  } finally {
    client.close()
    server.forceShutdown()
  }
})

test('every service has a definition with its own paths', () => {
  const paths = Object.values(definitions).flatMap((service) => Object.values(service).map(({ path }) => path))
  equal(new Set(paths).size, paths.length)
  equal(paths.includes('/souk.order.v1.OrderService/PlaceOrder'), true)
})
