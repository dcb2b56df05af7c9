import type { Clock } from '@souk/kernel'
import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { type Plan, plan } from '../domain.ts'
import type { ChargeRow, Decision } from '../store.ts'
import { announce, sentSoon } from './announce.ts'

/** The delayed decision of a charge. */
export const chargeTimer = 'sandbox.charge'

/** What a plan makes of an undecided charge. */
export const decisionOf = (clock: Clock, charge: ChargeRow, { status, moved, announcements }: Plan): Decision => {
  const captured = { captured_currency: moved?.currency ?? null, captured_amount: moved?.amount ?? null }
  return { charge: { ...charge, status, ...captured }, moved, callbacks: announce(clock, charge, announcements) }
}

/** The delay is over: the charge succeeds. */
export const decideCharge =
  ({ db, clock, store, sendSoon }: Deps) =>
  async (paymentId: string): Promise<void> => {
    const callbacks = await db.tx(async (tx: Tx) => {
      const charge = await store.lockCharge(tx, paymentId)
      if (charge?.status !== 'PENDING' || charge.outcome !== 'DELAY') return []
      const { currency, amount } = charge
      const decision = decisionOf(clock, charge, plan('payment', 'SUCCESS', { currency, amount }, 0))
      await store.decideCharges(tx, [decision])
      return decision.callbacks
    })
    sendSoon(sentSoon(callbacks))
  }
