import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { type Answer, address, createApi, must, until } from '../api.ts'
import { withDatabase } from '../database.ts'
import type { System } from '../system.ts'
import { createPatient, newDiary, type Patient } from './patient.ts'

export type Payment = {
  id: string
  orderId: string
  status: string
  redirectUrl: string
  captured: { amount: number }
  refunded: { amount: number }
  refunds: { id: string; status: string; amount: { amount: number } }[]
}

export const placeOne = async (buyer: Patient, skuId: string) =>
  must(await buyer.post('/v1/orders', { lines: [{ skuId, quantity: 1 }], address }), 201)

export const openPayment = async (buyer: Patient, orderId: string): Promise<Payment> =>
  must(await buyer.post('/v1/payments', { orderId, method: 'sandbox' }), 201)

/** The buyer's click on the channel's page, again until it is taken: the first outcome counts. */
export const play = async (system: System, { redirectUrl }: Payment, outcome: string, more: object = {}) => {
  const diary = newDiary()
  const visitor = createPatient(system.base, diary)
  const answer = must(await visitor.post(new URL(redirectUrl).pathname, { outcome, ...more }), 200)
  assert.deepEqual(diary.defects, [])
  return answer
}

/** What really moved at the channel for a payment, in its own words: `charge CNY 100`, in order. */
export const bookOf = (system: System, paymentId: string): Promise<string[]> =>
  withDatabase(system, async (client) => {
    const { rows } = await client.query<{ line: string }>(
      `select kind || ' ' || currency || ' ' || amount as line from souk_sandbox.book where payment_id = $1 order by at, id`,
      [paymentId],
    )
    return rows.map(({ line }) => line)
  })

/** Waits for what the channel's book says of a payment. */
export const untilBooked = (system: System, paymentId: string, lines: readonly string[]): Promise<string[]> =>
  until(
    () => bookOf(system, paymentId),
    (book) => JSON.stringify(book) === JSON.stringify(lines),
    120_000,
  )

/** The channel's delayed decision of a payment falls now, and whoever waits to ask about it asks now. */
export const letHoursPass = (system: System, paymentId: string): Promise<unknown> =>
  withDatabase(system, async (client) => {
    await client.query(`update souk_sandbox.timer set due_at = now() where aggregate_id = $1`, [paymentId])
    await client.query(`update souk_payment.timer set due_at = now() where aggregate_id = $1`, [paymentId])
  })

export const hmac = (text: string, secret: string): string => createHmac('sha256', secret).update(text).digest('hex')

export const signature = (body: string, secret: string, t: number): string => hmac(`${t}.${body}`, secret)

/** A callback of the channel, sent as it is. */
export const callBack = (system: System, path: string, body: string, header?: string): Promise<Answer> =>
  createApi(system.base).send('POST', path, body, header === undefined ? {} : { 'souk-signature': header })

/** The end of an order that money raced with: it was paid and has its stock, or everything is back. Never both. */
export const assertPaidOrBack = async (buyer: Patient, order: { id: string; total: { amount: number } }) => {
  const { status, paymentStatus } = await buyer.see(`/v1/orders/${order.id}`, (now) =>
    ['ALLOCATED', 'CANCELLED'].includes(now.status),
  )
  const { payments } = await buyer.see<{ payments: Payment[] }>(
    `/v1/payments?orderId=${order.id}`,
    ({ payments: all }) => all.every((payment) => ['CAPTURED', 'FAILED', 'VOIDED'].includes(payment.status)),
  )
  const kept = payments.reduce((sum, { captured, refunded }) => sum + captured.amount - refunded.amount, 0)
  assert.equal(kept, status === 'ALLOCATED' ? order.total.amount : 0, `${status} keeps ${kept}`)
  if (status === 'ALLOCATED') assert.equal(paymentStatus, 'PAID')
  return status as 'ALLOCATED' | 'CANCELLED'
}
