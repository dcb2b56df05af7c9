import type { AttemptStatus } from '@souk/contract/payment'
import { type Money, sameMoney } from '@souk/kernel'
import { illegalMove } from '../faults.ts'
import type { ChannelWord, Lost } from './words.ts'

export type AttemptEvent = 'send' | 'lose' | 'find' | 'authorise' | 'capture' | 'fail' | 'void'

type Table = { [From in AttemptStatus]: { [E in AttemptEvent]?: AttemptStatus } }

/** The life of an attempt (RELIABILITY section 2). CAPTURED, FAILED and VOIDED have no exit. */
export const transitions: Table = {
  INITIATED: { send: 'PROCESSING' },
  PROCESSING: { lose: 'UNKNOWN', authorise: 'AUTHORISED', capture: 'CAPTURED', fail: 'FAILED', void: 'VOIDED' },
  UNKNOWN: { find: 'PROCESSING', authorise: 'AUTHORISED', capture: 'CAPTURED', fail: 'FAILED', void: 'VOIDED' },
  AUTHORISED: { capture: 'CAPTURED', void: 'VOIDED' },
  CAPTURED: {},
  FAILED: {},
  VOIDED: {},
}

/** The state after an event; throws ILLEGAL_TRANSITION where the table has nothing. */
export const after = (from: AttemptStatus, event: AttemptEvent): AttemptStatus => {
  const to = transitions[from][event]
  if (!to) throw illegalMove(from, event)
  return to
}

const openStates: readonly AttemptStatus[] = ['INITIATED', 'PROCESSING', 'UNKNOWN', 'AUTHORISED']
export const isOpen = (status: AttemptStatus): boolean => openStates.includes(status)

export type Attempt = { status: AttemptStatus; amount: Money }

/**
 * What a channel's word makes of an attempt. `path` is every state passed through, the last one where it ends.
 * - wait: the buyer or the channel still has to act
 * - capture: the money is here, exactly as asked
 * - end: over without money
 * - suspend: over, with money that is not what was asked: it belongs to nobody yet
 * - stray: money for an attempt that was already over
 * - recreate: the channel never heard of it
 */
export type AttemptStep =
  | { do: 'nothing' }
  | { do: 'wait'; path: AttemptStatus[]; redirectUrl: string; reference: string }
  | { do: 'lose'; path: AttemptStatus[] }
  | { do: 'capture'; path: AttemptStatus[]; reference: string }
  | { do: 'end'; path: AttemptStatus[]; failure: '' | 'DECLINED' }
  | { do: 'suspend'; path: AttemptStatus[]; received: Money; reference: string }
  | { do: 'stray'; received: Money }
  | { do: 'recreate' }

/** An attempt that gets an answer was sent, also when we died before writing so. */
const pathTo = (from: AttemptStatus, event: AttemptEvent): AttemptStatus[] =>
  from === 'INITIATED' ? ['PROCESSING', after('PROCESSING', event)] : [after(from, event)]

/** Authorised money that is not captured was voided; anything before that failed. */
const ending = (status: AttemptStatus): 'fail' | 'void' => (status === 'AUTHORISED' ? 'void' : 'fail')

const ended = (status: AttemptStatus, event: 'fail' | 'void'): AttemptStep => ({
  do: 'end',
  path: pathTo(status, event),
  failure: event === 'fail' ? 'DECLINED' : '',
})

const succeeded = (attempt: Attempt, received: Money, reference: string): AttemptStep =>
  sameMoney(received, attempt.amount)
    ? { do: 'capture', path: pathTo(attempt.status, 'capture'), reference }
    : { do: 'suspend', path: pathTo(attempt.status, ending(attempt.status)), received, reference }

const waiting = (status: AttemptStatus, word: { redirectUrl: string; reference: string }): AttemptStep => {
  const { redirectUrl, reference } = word
  if (status === 'INITIATED') return { do: 'wait', path: ['PROCESSING'], redirectUrl, reference }
  if (status === 'UNKNOWN') return { do: 'wait', path: [after('UNKNOWN', 'find')], redirectUrl, reference }
  return { do: 'nothing' }
}

const unanswered = (status: AttemptStatus): AttemptStep => {
  if (status === 'INITIATED') return { do: 'lose', path: ['PROCESSING', 'UNKNOWN'] }
  return status === 'PROCESSING' ? { do: 'lose', path: [after('PROCESSING', 'lose')] } : { do: 'nothing' }
}

/** The one decision about attempts: only the channel's own word moves them, and what is over stays over. */
export const decideAttempt = (attempt: Attempt, word: ChannelWord | Lost): AttemptStep => {
  const { status } = attempt
  if (status === 'CAPTURED') return { do: 'nothing' }
  if (!isOpen(status)) return word.status === 'SUCCEEDED' ? { do: 'stray', received: word.captured } : { do: 'nothing' }
  switch (word.status) {
    case 'SUCCEEDED':
      return succeeded(attempt, word.captured, word.reference)
    case 'FAILED':
      return ended(status, ending(status))
    case 'VOIDED':
      return ended(status, 'void')
    case 'ABSENT':
      return { do: 'recreate' }
    case 'LOST':
      return unanswered(status)
    default:
      return waiting(status, word)
  }
}
