/** Durable timers of this context: by payment, by refund, by callback, by order. */
export const timerKinds = {
  query: 'payment.query',
  refund: 'payment.refund',
  callback: 'payment.callback',
  settle: 'payment.settle',
} as const

/** Both parts of an event's key in one timer id; channel ids have no slash. */
export const callbackTimerId = (channel: string, eventId: string): string => `${channel}/${eventId}`
