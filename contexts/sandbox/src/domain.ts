import type { ChargeStatus } from '@souk/contract/sandbox'
import type { Money } from '@souk/kernel'

/** What the buyer (or the tester) chooses on the page. The README says what each one does. */
export const outcomes = [
  'SUCCESS',
  'DECLINE',
  'PENDING',
  'DELAY',
  'DUPLICATE',
  'REORDER',
  'WRONG_AMOUNT',
  'WRONG_CURRENCY',
  'LOST_REPLY',
  'DECLINE_AFTER_SUCCESS',
] as const
export type Outcome = (typeof outcomes)[number]

export type Subject = 'payment' | 'refund'
export type CallbackType = `${Subject}.${'succeeded' | 'failed'}`

/** One event to tell the merchant, `copies` times, `afterMs` from now; `occurredMs` is when it claims to have been. */
export type Announcement = { type: CallbackType; amount: Money; copies: number; afterMs: number; occurredMs: number }

export type Plan = {
  status: Extract<ChargeStatus, 'PENDING' | 'SUCCEEDED' | 'FAILED'>
  /** What really moves; absent when nothing does. */
  moved?: Money
  announcements: Announcement[]
  /** The decision itself falls so many milliseconds later, as SUCCESS. */
  decideAfterMs?: number
  /** The answer to the request is lost after its effect. */
  loseReply?: boolean
}

/** An amount that is certainly not the one asked for, yet positive. */
const wrongAmount = ({ currency, amount }: Money): Money => ({ currency, amount: amount > 1 ? amount - 1 : amount + 1 })
const wrongCurrency = ({ currency, amount }: Money): Money => ({ currency: currency === 'USD' ? 'EUR' : 'USD', amount })

const earlierMs = -5000
const laterMs = 1000

const told = (type: CallbackType, amount: Money, changes: Partial<Announcement> = {}): Announcement => ({
  type,
  amount,
  copies: 1,
  afterMs: 0,
  occurredMs: 0,
  ...changes,
})

/**
 * What an outcome makes of a charge or a refund of `amount`. A charge with a wrong amount or currency really takes that
 * wrong money, so the book agrees with the lie; a refund gives back the right money and only its callback lies.
 */
export const plan = (subject: Subject, outcome: Outcome, amount: Money, seconds: number): Plan => {
  const yes = `${subject}.succeeded` as const
  const no = `${subject}.failed` as const
  const success = (announcements: Announcement[], moved = amount): Plan => ({
    status: 'SUCCEEDED',
    moved,
    announcements,
  })
  const wrong = (lie: Money) => success([told(yes, lie)], subject === 'payment' ? lie : amount)
  switch (outcome) {
    case 'SUCCESS':
      return success([told(yes, amount)])
    case 'DECLINE':
      return { status: 'FAILED', announcements: [told(no, amount)] }
    case 'PENDING':
      return { status: 'PENDING', announcements: [] }
    case 'DELAY':
      return { status: 'PENDING', announcements: [], decideAfterMs: seconds * 1000 }
    case 'DUPLICATE':
      return success([told(yes, amount, { copies: 3 })])
    case 'REORDER':
      return success([told(yes, amount), told(no, amount, { afterMs: laterMs, occurredMs: earlierMs })])
    case 'WRONG_AMOUNT':
      return wrong(wrongAmount(amount))
    case 'WRONG_CURRENCY':
      return wrong(wrongCurrency(amount))
    case 'LOST_REPLY':
      return { ...success([]), loseReply: true }
    case 'DECLINE_AFTER_SUCCESS':
      return success([told(yes, amount), told(no, amount, { afterMs: laterMs, occurredMs: laterMs })])
  }
}

export type ChargeState = { status: ChargeStatus; outcome: Outcome | undefined }

/** The first decisive outcome wins: an open charge may be played, and one that was left PENDING on purpose. */
export const mayPlay = ({ status, outcome }: ChargeState): boolean =>
  status === 'OPEN' || (status === 'PENDING' && outcome === 'PENDING')

/** Money that is already on its way (DELAY) cannot be called back; everything undecided else can. */
export const mayVoid = mayPlay

/** How long the merchant may take to answer a message. */
export const answerWithinMs = 5000

/** Milliseconds to the next try after `attempts` failed ones. */
export const resendAfterMs = (attempts: number): number =>
  [1000, 5000, 30_000, 120_000, 600_000][attempts - 1] ?? 3_600_000

/** Callbacks older than this are given up. */
export const resendForMs = 72 * 3_600_000
