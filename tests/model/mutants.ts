import { latest, release } from '../../contexts/inventory/src/domain/holds.ts'
import { decideAttempt } from '../../contexts/payment/src/domain/attempt.ts'
import { type Ports, sound } from './ports.ts'
import type { Steps } from './steps.ts'

/** A known mistake: what it is, where it was seen, which invariants may notice it, the ports of the model that make it. */
export type Mutant = { says: string; seen: string; notices: string[]; ports: Partial<Ports> }

/** Reads, and decides later, as if nobody else were there. */
function* readAndDecideLater<T>(read: () => T): Steps<T> {
  const seen = read()
  yield 'step'
  return seen
}

/** Each line is looked at alone, as the real plan does, so the same SKU twice is promised twice. */
const asTheyCome = <L>(lines: readonly L[]): L[] => [...lines]

const stock: Mutant[] = [
  {
    says: 'two reservations at once, the update of one is lost',
    seen: 'medusajs/medusa#16569',
    notices: ['I1', 'I2', 'I3'],
    ports: { lockAndRead: readAndDecideLater },
  },
  {
    says: 'the same SKU on two lines is checked line by line',
    seen: 'medusajs/medusa#16502',
    notices: ['I1', 'I3'],
    ports: { sumLines: asTheyCome, mergeLines: asTheyCome },
  },
  {
    says: 'the order is written beside its reservation, not after it',
    seen: 'medusajs/medusa#16825',
    notices: ['I4'],
    ports: {
      *holdAndWrite(hold, write, guess) {
        const written = yield* write(guess())
        yield* hold()
        return written
      },
    },
  },
  {
    says: 'paid, then no stock, and nobody is told',
    seen: 'vendurehq/vendure#3065',
    notices: ['I5', 'I22'],
    ports: {
      commitOrder: (books, orderId, lines) => {
        const outcome = sound.commitOrder(books, orderId, lines)
        const told = books.facts.findIndex(({ type }) => type === 'inventory.CommitFailed')
        if (told >= 0) books.facts.splice(told, 1)
        return outcome
      },
    },
  },
  {
    says: "inventory's clock ends the hold of an order that stands",
    seen: 'DESIGN 5',
    notices: ['I4'],
    ports: {
      meetDue: (books, orderId) => {
        const hold = latest(books, orderId)
        if (hold?.state === 'HELD' && hold.expiresAt <= books.now) release(books, hold, 'expired')
      },
    },
  },
  {
    says: 'the order is written without a look at its hold',
    seen: 'DESIGN 5',
    notices: ['I4'],
    ports: { holdIsLive: () => true },
  },
]

const money: Mutant[] = [
  {
    says: 'the browser that comes back and the callback both complete the payment',
    seen: 'medusajs/medusa#13301, saleor/saleor#12652, saleor/saleor#17776',
    notices: ['I2', 'I3', 'I9', 'I13'],
    ports: { lockAndRead: readAndDecideLater, unmoved: () => true },
  },
  {
    says: 'the total follows the prices after the payment was begun',
    seen: 'vendurehq/vendure#3269',
    notices: ['I11'],
    ports: { amountDue: (_order, priceNow) => priceNow() },
  },
  {
    says: 'whatever the channel took is taken for what was asked',
    seen: 'SPEC PA2',
    notices: ['I8', 'I10', 'I22'],
    ports: {
      decideAttempt: (attempt, word) =>
        decideAttempt(attempt, word.status === 'SUCCEEDED' ? { ...word, captured: attempt.amount } : word),
    },
  },
  {
    says: 'refunds go beyond what was captured',
    seen: 'juspay/hyperswitch#13182',
    notices: ['I9'],
    ports: { refundFits: () => true },
  },
  {
    says: 'our own refund is recorded again by its callback',
    seen: 'antiwork/gumroad#6193',
    notices: ['I9', 'I13'],
    ports: {
      decideRefund: (refund, word) =>
        refund.status === 'SUCCEEDED' && word.status === 'SUCCEEDED'
          ? { do: 'succeed', path: ['SUCCEEDED'] }
          : sound.decideRefund(refund, word),
    },
  },
  {
    says: 'money that comes after the cancellation is kept',
    seen: 'woocommerce/woocommerce-gateway-stripe#5703',
    notices: ['I13', 'I10'],
    ports: { unusable: () => 0 },
  },
]

const machinery: Mutant[] = [
  {
    says: 'an event is deleted before its handler has finished',
    seen: 'medusajs/medusa#6016',
    notices: ['I14', 'I22'],
    ports: {
      hand: (consumer, handle, forget, spawn) => {
        forget()
        const later = function* (): Steps<void> {
          yield 'step'
          handle()
        }
        spawn(consumer, 'handler', later())
        return true
      },
    },
  },
  {
    says: 'events live in memory until they are sent',
    seen: 'vendurehq/vendure#2735',
    notices: ['I4', 'I10', 'I14', 'I22'],
    ports: {
      announce: (context, append, spawn) => {
        const later = function* (): Steps<void> {
          yield 'step'
          append()
        }
        spawn(context, 'announcement', later())
      },
    },
  },
  {
    says: 'the channel is answered before its callback is kept',
    seen: 'duncanmcclean/statamic-cargo#190',
    notices: ['I19'],
    ports: {
      keepCallback: (keep, spawn) => {
        const later = function* (): Steps<void> {
          yield 'step'
          keep()
        }
        spawn('payment', 'callback', later())
        return false
      },
    },
  },
  {
    says: 'facts of one aggregate overtake each other',
    seen: 'eugene-khyst/postgresql-event-sourcing#16, Eventuous/eventuous#222',
    notices: ['I14'],
    ports: { nextFact: (waiting, wish) => wish % waiting.length },
  },
  {
    says: 'idempotency keys are gone after a restart',
    seen: 'keys in a cache that is flushed',
    notices: ['I16', 'I19'],
    ports: { loseMemory: ({ keys }) => keys.clear() },
  },
  {
    says: 'timers are gone after a restart',
    seen: 'timers in memory',
    notices: ['I22'],
    ports: { loseMemory: ({ timers }) => timers.clear() },
  },
]

export const mutants: readonly Mutant[] = [...stock, ...money, ...machinery]
