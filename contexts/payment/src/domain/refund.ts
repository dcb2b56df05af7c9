import type { RefundStatus } from '@souk/contract/payment'
import { type Money, sameMoney } from '@souk/kernel'
import { illegalMove } from '../faults.ts'
import type { Lost, RefundWord } from './words.ts'

export type RefundEvent = 'approve' | 'reject' | 'send' | 'lose' | 'find' | 'succeed' | 'fail'

type Table = { [From in RefundStatus]: { [E in RefundEvent]?: RefundStatus } }

/** The life of a refund (RELIABILITY section 2). A failed one may be sent again under the same id. */
export const transitions: Table = {
  REQUESTED: { approve: 'APPROVED', reject: 'REJECTED' },
  APPROVED: { send: 'SENT' },
  SENT: { lose: 'UNKNOWN', succeed: 'SUCCEEDED', fail: 'FAILED' },
  UNKNOWN: { find: 'SENT', succeed: 'SUCCEEDED', fail: 'FAILED' },
  FAILED: { send: 'SENT' },
  SUCCEEDED: {},
  REJECTED: {},
}

/** The state after an event; throws ILLEGAL_TRANSITION where the table has nothing. */
export const after = (from: RefundStatus, event: RefundEvent): RefundStatus => {
  const to = transitions[from][event]
  if (!to) throw illegalMove(from, event)
  return to
}

export type RefundState = { status: RefundStatus; amount: Money }

/**
 * What a channel's word makes of a refund.
 * - again: the channel never heard of it
 * - revive: it had failed, and now the channel says the money went back after all
 * - mismatch: another amount went back than was asked; a person has to look
 */
export type RefundStep =
  | { do: 'nothing' | 'again' | 'revive' | 'mismatch' }
  | { do: 'wait' | 'lose' | 'succeed' | 'fail'; path: RefundStatus[] }

const answered = (status: RefundStatus, word: Exclude<RefundWord, { status: 'ABSENT' }>): RefundStep => {
  if (word.status === 'SUCCEEDED') return { do: 'succeed', path: [after(status, 'succeed')] }
  if (word.status === 'FAILED') return { do: 'fail', path: [after(status, 'fail')] }
  return status === 'UNKNOWN' ? { do: 'wait', path: [after(status, 'find')] } : { do: 'nothing' }
}

/** The one decision about refunds that were sent: only the channel's own word ends them. */
export const decideRefund = (refund: RefundState, word: RefundWord | Lost): RefundStep => {
  const { status, amount } = refund
  const other = word.status === 'SUCCEEDED' && !sameMoney(word.amount, amount)
  if (status === 'FAILED' && word.status === 'SUCCEEDED') return { do: other ? 'mismatch' : 'revive' }
  if (status !== 'SENT' && status !== 'UNKNOWN') return { do: 'nothing' }
  if (other) return { do: 'mismatch' }
  if (word.status === 'LOST')
    return status === 'SENT' ? { do: 'lose', path: [after('SENT', 'lose')] } : { do: 'nothing' }
  return word.status === 'ABSENT' ? { do: 'again' } : answered(status, word)
}
