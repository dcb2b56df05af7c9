import { createHmac } from 'node:crypto'
import type { GetOwnerAnswer } from '@souk/contract/order'
import type { CreatePaymentRequest, Payment } from '@souk/contract/payment'
import type { ChargeStatus, SandboxChannelService } from '@souk/contract/sandbox'
import { fault, faultOf, type Money, newId } from '@souk/kernel'
import { type Call, sql } from '@souk/platform'
import { startContext } from '@souk/platform/testing'
import { payment } from '../src/index.ts'

type FakeCharge = {
  amount: Money
  status: ChargeStatus
  captured: Money
  refundStatus: 'SUCCEEDED' | 'FAILED' | 'PENDING'
}
type FakeRefund = { paymentId: string; amount: Money; status: 'SUCCEEDED' | 'FAILED' | 'PENDING' }

/** A channel in memory, with switches for everything a channel may do to us. */
export const fakeChannel = () => {
  const charges = new Map<string, FakeCharge>()
  const refunds = new Map<string, FakeRefund>()
  /** Money that left the channel's book, per refund id: more than one entry would be a double refund. */
  const paidBack: string[] = []
  const state = {
    down: false,
    loseReplies: 0,
    refundStatus: 'SUCCEEDED' as FakeRefund['status'],
    voidable: true,
    voids: 0,
  }
  const reach = () => {
    if (state.down) throw fault('UNAVAILABLE')
  }
  /** The effect happened, the answer is lost. */
  const reply = <T>(value: T): T => {
    if (state.loseReplies > 0) {
      state.loseReplies--
      throw fault('UNAVAILABLE')
    }
    return value
  }
  const answer = (paymentId: string, { amount, status, captured }: FakeCharge) => ({
    paymentId,
    channelReference: `ref-${paymentId}`,
    status,
    amount,
    captured,
    pageUrl: `https://pay.example/${paymentId}`,
  })
  const chargeOf = (paymentId: string) => {
    const charge = charges.get(paymentId)
    if (!charge) throw fault('NOT_FOUND')
    return charge
  }
  const refundAnswer = (refundId: string, refund: FakeRefund) => ({
    refundId,
    channelReference: `back-${refundId}`,
    ...refund,
  })
  const service: Partial<SandboxChannelService<Call>> = {
    createCharge: async ({ paymentId, amount = { currency: '', amount: 0 } }) => {
      reach()
      const known = charges.get(paymentId)
      const zero = { ...amount, amount: 0 }
      if (!known) charges.set(paymentId, { amount, status: 'OPEN', captured: zero, refundStatus: 'SUCCEEDED' })
      return reply(answer(paymentId, chargeOf(paymentId)))
    },
    getCharge: async ({ paymentId }) => {
      reach()
      return reply(answer(paymentId, chargeOf(paymentId)))
    },
    voidCharge: async ({ paymentId }) => {
      reach()
      const charge = chargeOf(paymentId)
      state.voids++
      if (state.voidable && (charge.status === 'OPEN' || charge.status === 'PENDING')) charge.status = 'VOIDED'
      return reply(answer(paymentId, charge))
    },
    createRefund: async ({ refundId, paymentId, amount = { currency: '', amount: 0 } }) => {
      reach()
      const known = refunds.get(refundId)
      if (!known || known.status === 'FAILED') {
        refunds.set(refundId, { paymentId, amount, status: state.refundStatus })
        if (state.refundStatus === 'SUCCEEDED') paidBack.push(refundId)
      }
      return reply(refundAnswer(refundId, refunds.get(refundId)!))
    },
    getRefund: async ({ refundId }) => {
      reach()
      const refund = refunds.get(refundId)
      if (!refund) throw fault('NOT_FOUND')
      return reply(refundAnswer(refundId, refund))
    },
  }
  return {
    service,
    charges,
    refunds,
    paidBack,
    state,
    /** The buyer pays; `captured` when it is not what was asked. */
    pay: (paymentId: string, captured?: Money) => {
      const charge = chargeOf(paymentId)
      charge.status = 'SUCCEEDED'
      charge.captured = captured ?? charge.amount
    },
    say: (paymentId: string, status: ChargeStatus) => {
      chargeOf(paymentId).status = status
    },
  }
}

/** Orders as the order context would answer for them. */
export const fakeOrders = () => {
  type Line = { skuId: string; quantity: number; total: number }
  const orders = new Map<string, { buyerId: string; amount: Money; lines: Line[]; payable: boolean }>()
  /** `order payment` of every payment that was begun. */
  const begun: string[] = []
  const lineOf = ({ skuId, quantity, total }: Line) => ({
    skuId,
    quantity,
    total: { currency: 'CNY', amount: total },
    unitPrice: undefined,
    discount: undefined,
    productId: '',
    slug: '',
    code: '',
    name: '',
    options: {},
    image: '',
    merchantId: '',
    hue: 210,
  })
  return {
    orders,
    begun,
    place: (amount = 19900, lines: Line[] = []) => {
      const orderId = newId()
      const buyerId = newId()
      orders.set(orderId, { buyerId, amount: { currency: 'CNY', amount }, lines, payable: true })
      return { orderId, buyerId }
    },
    service: {
      beginPayment: async ({
        orderId,
        buyerId,
        paymentId,
      }: {
        orderId: string
        buyerId: string
        paymentId: string
      }) => {
        const order = orders.get(orderId)
        if (order?.buyerId !== buyerId) throw fault('NOT_FOUND')
        if (!order.payable) throw fault('ILLEGAL_TRANSITION')
        begun.push(`${orderId} ${paymentId}`)
        return { amount: order.amount, number: 'S-1001', payBefore: undefined }
      },
      getOwner: async ({ orderId }: { orderId: string }): Promise<GetOwnerAnswer> => {
        const order = orders.get(orderId)
        if (!order) throw fault('NOT_FOUND')
        return { buyerId: order.buyerId, lines: order.lines.map(lineOf) }
      },
      beginShipping: async () => ({}),
    },
  }
}

export const refused = (code: string) => (error: unknown) => faultOf(error)?.code === code

/** The context with both fakes, and the moves that tests make. */
export const startPayment = async (env: Record<string, string> = {}) => {
  const channel = fakeChannel()
  const orders = fakeOrders()
  const failpoints = new Map<string, () => Promise<void>>()
  const app = await startContext(payment, {
    clients: { 'order.OrderDueService': orders.service, 'sandbox.SandboxChannelService': channel.service },
    env: { SOUK_SANDBOX_SECRET: 'new,old', ...env },
    failpoint: async (name) => failpoints.get(name)?.(),
  })
  const { schema } = app.db
  const service = () => app.services['payment.PaymentService']
  const admin = () => app.services['payment.PaymentAdminService']
  const buyer = (buyerId: string, key = newId()) => app.as({ user: buyerId, key })
  const finance = (key = newId()) => app.as({ user: newId(), roles: ['finance'], steppedUp: true, key })
  const create = (order: { orderId: string; buyerId: string }, method = 'sandbox', key = newId()): Promise<Payment> =>
    service().createPayment(
      { orderId: order.orderId, method } satisfies CreatePaymentRequest,
      buyer(order.buyerId, key),
    )
  const get = (order: { buyerId: string }, id: string) => service().getPayment({ id }, buyer(order.buyerId))
  const event = (paymentId: string, type = 'payment.succeeded', more: object = {}) => ({
    eventId: newId(),
    type,
    paymentId,
    channelReference: 'r',
    amount: { currency: 'CNY', amount: 19900 },
    occurredAt: '2026-01-01T00:00:00Z',
    ...more,
  })
  const send = (told: { paymentId: string }, signature?: string) => {
    const rawBody = Buffer.from(JSON.stringify(told))
    const t = Math.floor(Date.now() / 1000)
    const digest = createHmac('sha256', 'new').update(`${t}.`).update(rawBody).digest('hex')
    return service().receiveCallback(
      { id: told.paymentId, rawBody, signature: signature ?? `t=${t},v1=${digest}` },
      app.as(),
    )
  }
  const hearCancel = (
    orderId: string,
    type: 'order.OrderCancelling' | 'order.OrderCancelled',
    aggregateVersion: number,
  ) => app.hear({ type, aggregateId: orderId, aggregateVersion, payload: { orderId, reason: 'BUYER' } })
  const entries = () =>
    app.db.all<{ kind: string; source_id: string; account: string; currency: string; amount: number }>(sql`
      select e.kind, e.source_id, p.account, p.currency, p.amount
      from ${schema}.journal_entry e join ${schema}.posting p on p.entry_id = e.id order by e.id, p.place`)
  return {
    app,
    channel,
    orders,
    service,
    admin,
    buyer,
    finance,
    create,
    get,
    event,
    send,
    hearCancel,
    entries,
    /** Plays a crash the next time this kill point is passed. */
    crashAt: (name: string) =>
      failpoints.set(name, async () => {
        failpoints.delete(name)
        throw new Error(`crash at ${name}`)
      }),
    /** An order that is paid. */
    paid: async (amount = 19900, lines: { skuId: string; quantity: number; total: number }[] = []) => {
      const order = orders.place(amount, lines)
      const made = await create(order)
      channel.pay(made.id)
      await send(event(made.id))
      return { ...order, id: made.id }
    },
    refund: (id: string, more: object = {}, key = newId()) =>
      admin().refundPayment({ id, lines: [], reason: 'because', amount: undefined, ...more }, finance(key)),
    saidOf: async (aggregateId: string) =>
      (await app.said())
        .filter((fact) => fact.aggregateId === aggregateId)
        .map((fact) => `${fact.type} ${fact.aggregateVersion}`),
    /** Sum of an account, in minor units of CNY. */
    balance: async (account: string) =>
      (await entries())
        .filter((row) => row.account === account && row.currency === 'CNY')
        .reduce((sum, row) => sum + row.amount, 0),
  }
}
