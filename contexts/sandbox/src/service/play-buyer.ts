import type { PlayBuyerAnswer, PlayBuyerRequest } from '@souk/contract/sandbox'
import type { Deps } from '../deps.ts'
import { mayPlay, type Outcome, plan } from '../domain.ts'
import { noSuchPage } from '../faults.ts'
import { carryOut } from './decide-charge.ts'

/** Seconds of a DELAY that names none. */
const usualDelay = 10

/** The buyer acts. The first decisive outcome wins; a later one is answered with what was decided. */
export const playBuyer =
  (deps: Deps) =>
  async (req: PlayBuyerRequest): Promise<PlayBuyerAnswer> => {
    const { db, store, failpoint, sendSoon } = deps
    const found = await store.chargeByToken(db, req.token)
    if (!found) throw noSuchPage()
    const outcome = req.outcome as Outcome
    const seconds = req.seconds ?? usualDelay
    const { charge, soon } = await db.tx(async (tx) => {
      const present = await store.lockCharge(tx, found.payment_id)
      if (!present) throw noSuchPage()
      if (req.refundOutcome) await store.chooseRefunds(tx, present.payment_id, req.refundOutcome as Outcome)
      if (!mayPlay({ status: present.status, outcome: present.outcome ?? undefined }))
        return { charge: present, soon: [] }
      await store.choose(tx, present.payment_id, outcome, seconds)
      const { currency, amount } = present
      return carryOut(deps, tx, present, plan('payment', outcome, { currency, amount }, seconds))
    })
    await failpoint('sandbox.play.afterCommit')
    sendSoon(soon)
    return { status: charge.status, returnUrl: charge.return_url }
  }
