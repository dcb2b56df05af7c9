import type { Call } from '@souk/platform'
import type { Besides, Deps, Settled } from '../deps.ts'
import type { ChannelWord, Lost } from '../domain/words.ts'
import { methodUnavailable } from '../faults.ts'
import { type AttemptRow, moneyOf } from '../store/attempts.ts'

const channelOf = ({ channels }: Pick<Deps, 'channels'>, method: string) => {
  const channel = channels.get(method)
  if (!channel) throw methodUnavailable(method)
  return channel
}

const chargeOf = (attempt: AttemptRow) => ({
  paymentId: attempt.id,
  orderId: attempt.order_id,
  orderNumber: attempt.order_number,
  amount: moneyOf(attempt),
})

/**
 * Makes the attempt known to its channel and applies the answer. May be repeated: the payment id is the channel's key.
 * No answer is UNKNOWN, never a failure by guess.
 */
export const createAtChannel =
  (deps: Deps) =>
  async (attempt: AttemptRow, call: Call, besides?: Besides): Promise<Settled> => {
    let word: ChannelWord | Lost
    try {
      word = await channelOf(deps, attempt.method).create(chargeOf(attempt), call)
    } catch {
      word = { status: 'LOST' }
    }
    await deps.failpoint('payment.create.afterChannel')
    return deps.settle(attempt.id, word, besides)
  }

/** Asks the channel what became of an attempt and applies its word. Throws when the channel does not answer. */
export const askChannel =
  (deps: Deps) =>
  async (attempt: AttemptRow, call: Call, besides?: Besides): Promise<Settled> => {
    if (attempt.status === 'INITIATED') return createAtChannel(deps)(attempt, call, besides)
    const word = await channelOf(deps, attempt.method).query(attempt.id, call)
    const settled = await deps.settle(attempt.id, word, besides)
    return settled.done === 'recreate' ? createAtChannel(deps)(attempt, call, besides) : settled
  }

/**
 * Ends an open attempt if its channel still can, and applies what the channel says it was or became. One that the
 * channel never heard of is made known first: else a request under way could still open it afterwards. Throws when the
 * channel does not answer.
 */
export const voidAtChannel =
  (deps: Deps) =>
  async (attempt: AttemptRow, call: Call): Promise<void> => {
    const channel = channelOf(deps, attempt.method)
    let word = await channel.void(attempt.id, call)
    if (word.status === 'ABSENT') {
      word = await channel.create(chargeOf(attempt), call)
      if (word.status === 'OPEN' || word.status === 'PENDING') word = await channel.void(attempt.id, call)
    }
    await deps.failpoint('payment.settle.afterChannel')
    await deps.settle(attempt.id, word)
  }
