import { type Fault, fault, invalid } from '@souk/kernel'

export const noSuchPage = (): Fault => fault('NOT_FOUND')
export const noSuchCharge = (): Fault => fault('NOT_FOUND')
export const noSuchRefund = (): Fault => fault('NOT_FOUND')

/** The same key must mean the same money. */
export const otherAmount = (): Fault =>
  invalid({ field: 'amount', rule: 'same', message: 'this key was used with another amount' })

export const notPositive = (): Fault => invalid({ field: 'amount', rule: 'min', message: 'must be above zero' })

/** Played on purpose: the effect is booked, the answer is lost. */
export const lostReply = (): Fault => fault('UNAVAILABLE')
