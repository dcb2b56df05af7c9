import { type Fault, fault, invalid } from '@souk/kernel'

export const noSuchPayment = (): Fault => fault('NOT_FOUND')
export const noSuchOrder = (): Fault => fault('NOT_FOUND')
export const noSuchChannel = (): Fault => fault('NOT_FOUND')

export const illegalMove = (from: string, verb: string): Fault => fault('ILLEGAL_TRANSITION', { from, verb })

/** The order is being cancelled, or its money is already here. */
export const orderNotPayable = (): Fault => fault('ILLEGAL_TRANSITION', { verb: 'pay' })

export const methodUnavailable = (method: string): Fault => fault('METHOD_UNAVAILABLE', { method })

/** The open attempt could neither be voided nor found captured. */
export const paymentUnresolved = (paymentId: string): Fault => fault('PAYMENT_UNRESOLVED', { paymentId })

/** Another request opened an attempt at this moment; asking again answers it. */
export const stillRunning = (): Fault => fault('IN_PROGRESS')

export const signatureRefused = (): Fault => fault('SIGNATURE_REFUSED')

export const amountMismatch = (): Fault => fault('AMOUNT_MISMATCH')

export const refundExceedsCaptured = (): Fault => fault('REFUND_EXCEEDS_CAPTURED')

const wrong = (field: string, rule: string, message: string): Fault => invalid({ field, rule, message })

export const malformedEvent = (field: string, message: string): Fault => wrong(field, 'format', message)
export const otherPayment = (): Fault => wrong('paymentId', 'same', 'is not the payment of this address')
export const amountOrLines = (): Fault => wrong('amount', 'exclusive', 'give an amount or lines, not both')
export const amountNotPositive = (): Fault => wrong('amount.amount', 'min', 'must be above zero')
export const otherCurrency = (): Fault => wrong('amount.currency', 'same', 'is not the currency of the payment')
export const notInOrder = (place: number): Fault =>
  wrong(`lines[${place}].skuId`, 'known', 'is not a line of the order')
export const tooManyUnits = (place: number): Fault =>
  wrong(`lines[${place}].quantity`, 'max', 'is more than was bought and not yet refunded')
export const nothingWorth = (): Fault => wrong('lines', 'min', 'these lines are worth nothing')

/** A card number stands in what a channel sent: nothing of it is kept. */
export const cardRefused = (): Fault => fault('CARD_DATA_REFUSED')
