import type { PlayBuyerAnswer, PlayBuyerRequest } from '@souk/contract/sandbox'
import type { Fault } from '@souk/kernel'
import { type Call, createBatcher, type Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { mayPlay, type Outcome, plan } from '../domain.ts'
import { noSuchPage } from '../faults.ts'
import type { ChargeRow, Decision, NewCallback } from '../store.ts'
import { sentSoon } from './announce.ts'
import { chargeTimer, decisionOf } from './decide-charge.ts'

/** Seconds of a DELAY that names none. */
const usualDelay = 10

type Played = { charge: ChargeRow; soon: NewCallback[] }

/** One choice on a charge as it stands now; undefined: it was decided before. */
const choose = async (
  { clock }: Deps,
  tx: Tx,
  charge: ChargeRow,
  play: PlayBuyerRequest,
): Promise<Decision | undefined> => {
  if (!mayPlay({ status: charge.status, outcome: charge.outcome ?? undefined })) return undefined
  const outcome = play.outcome as Outcome
  const { currency, amount, payment_id: aggregateId } = charge
  const seconds = play.seconds ?? usualDelay
  const verdict = plan('payment', outcome, { currency, amount }, seconds)
  if (verdict.decideAfterMs !== undefined)
    await tx.schedule({
      kind: chargeTimer,
      aggregateId,
      dueAt: new Date(clock.now().getTime() + verdict.decideAfterMs),
    })
  return decisionOf(clock, { ...charge, outcome, seconds }, verdict)
}

/** One buyer after the other, on charges that are locked: the first decisive outcome wins. */
const playAll = async (deps: Deps, tx: Tx, plays: PlayBuyerRequest[]): Promise<(Played | Fault)[]> => {
  const { store } = deps
  const tokens = plays.map(({ token }) => token)
  const charges = new Map((await store.lockByToken(tx, tokens)).map((charge) => [charge.token, charge]))
  // What may be played over was left PENDING, which moves and tells nothing: the last decision says everything.
  const decisions = new Map<string, Decision>()
  const played: (Played | Fault)[] = []
  for (const play of plays) {
    const present = charges.get(play.token)
    if (present && play.refundOutcome) await store.chooseRefunds(tx, present.payment_id, play.refundOutcome as Outcome)
    const decision = present && (await choose(deps, tx, present, play))
    if (decision) {
      charges.set(play.token, decision.charge)
      decisions.set(play.token, decision)
      played.push({ charge: decision.charge, soon: sentSoon(decision.callbacks) })
    } else played.push(present ? { charge: present, soon: [] } : noSuchPage())
  }
  if (decisions.size > 0) await store.decideCharges(tx, [...decisions.values()])
  return played
}

/** The buyer acts. The first decisive outcome wins; a later one is answered with what was decided. */
export const playBuyer = (deps: Deps) => {
  const { db, failpoint, sendSoon } = deps
  const plays = createBatcher<PlayBuyerRequest, Played>({
    name: 'sandbox.play',
    run: (batch) => db.tx((tx) => playAll(deps, tx, batch)),
  })
  return async (req: PlayBuyerRequest, call: Call): Promise<PlayBuyerAnswer> => {
    const { charge, soon } = await plays.add(req, call.deadline)
    await failpoint('sandbox.play.afterCommit')
    sendSoon(soon)
    return { status: charge.status, returnUrl: charge.return_url }
  }
}
