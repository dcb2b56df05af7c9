import { newId } from '@souk/kernel'
import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { type Plan, plan } from '../domain.ts'
import type { ChargeRow } from '../store.ts'
import { announce } from './announce.ts'

/** The delayed decision of a charge. */
export const chargeTimer = 'sandbox.charge'

/** Carries out a plan on a charge whose row is locked; answers the charge and the messages to send after commit. */
export const carryOut = async (
  deps: Pick<Deps, 'clock' | 'store'>,
  tx: Tx,
  charge: ChargeRow,
  { status, moved, announcements, decideAfterMs }: Plan,
): Promise<{ charge: ChargeRow; soon: string[] }> => {
  if (decideAfterMs !== undefined)
    await tx.schedule({
      kind: chargeTimer,
      aggregateId: charge.payment_id,
      dueAt: new Date(deps.clock.now().getTime() + decideAfterMs),
    })
  const decided = await deps.store.decideCharge(tx, charge.payment_id, status, moved)
  if (moved) await deps.store.book(tx, newId(), 'charge', charge.payment_id, null, moved)
  const soon = await announce(deps, tx, decided ?? charge, announcements)
  return { charge: decided ?? charge, soon }
}

/** The delay is over: the charge succeeds. */
export const decideCharge =
  (deps: Deps) =>
  async (paymentId: string): Promise<void> => {
    const soon = await deps.db.tx(async (tx) => {
      const charge = await deps.store.lockCharge(tx, paymentId)
      if (charge?.status !== 'PENDING' || charge.outcome !== 'DELAY') return []
      const { currency, amount } = charge
      return (await carryOut(deps, tx, charge, plan('payment', 'SUCCESS', { currency, amount }, 0))).soon
    })
    deps.sendSoon(soon)
  }
