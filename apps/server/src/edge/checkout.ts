import type { CheckoutAnswer, CheckoutRequest } from '@souk/contract/edge'
import { faultOf } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { EdgeDeps } from './deps.ts'

/**
 * The key of a step of the one call, derived from the caller's, so that a repeat repeats each step. Callers' keys are one
 * printable line, so none of them is ever the key of a step.
 */
const step = (call: Call): Call => ({
  ...call,
  idempotencyKey: call.idempotencyKey === undefined ? undefined : `checkout\n${call.idempotencyKey}`,
})

/**
 * Order and payment in one call. Both steps carry the caller's key: a repeat finds the same order and the same payment.
 * When the order stands but the payment cannot be started, the answer is the order alone.
 */
export const checkout =
  ({ order, payment }: EdgeDeps) =>
  async (request: CheckoutRequest, call: Call): Promise<CheckoutAnswer> => {
    const { lines, fromCart, addressId, address, note, method } = request
    const placed = await order.placeOrder({ lines, fromCart, addressId, address, note, couponIds: [] }, step(call))
    try {
      return { order: placed, payment: await payment.createPayment({ orderId: placed.id, method }, step(call)) }
    } catch (error) {
      if (!faultOf(error)) throw error
      return { order: placed }
    }
  }
