import type { Charge, CreateChargeRequest } from '@souk/contract/sandbox'
import { newId, newSecret } from '@souk/kernel'
import { type Call, createBatcher } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { noSuchCharge, notPositive, otherAmount } from '../faults.ts'
import { type ChargeRow, type NewCharge, toCharge } from '../store.ts'

/** Idempotent by payment id: the same key answers the same charge, whatever became of it. */
export const createCharge = ({ db, store, pageUrl, failpoint }: Deps) => {
  const charges = createBatcher<NewCharge, ChargeRow | undefined>({
    name: 'sandbox.createCharge',
    run: async (wanted) => {
      const made = await store.insertCharges(db, wanted)
      const rows = new Map(made.map((charge) => [charge.payment_id, charge]))
      const known = wanted.flatMap(({ payment_id: id }) => (rows.has(id) ? [] : id))
      if (known.length > 0) for (const charge of await store.charges(db, known)) rows.set(charge.payment_id, charge)
      return wanted.map(({ payment_id: id }) => rows.get(id))
    },
  })
  return async (req: CreateChargeRequest, call: Call): Promise<Charge> => {
    const { currency = '', amount = 0 } = req.amount ?? {}
    if (amount <= 0) throw notPositive()
    const wanted: NewCharge = {
      payment_id: req.paymentId,
      channel_reference: `sbx_${newId()}`,
      token: newSecret(),
      currency,
      amount,
      description: req.description,
      callback_url: req.callbackUrl,
      return_url: req.returnUrl,
    }
    const charge = await charges.add(wanted, call.deadline)
    await failpoint('sandbox.createCharge.afterCommit')
    if (!charge) throw noSuchCharge()
    if (charge.currency !== currency || charge.amount !== amount) throw otherAmount()
    return toCharge(charge, pageUrl)
  }
}
