import type { Deps } from './deps.ts'
import { askAgainAfterMs } from './domain/backoff.ts'

/** Durable timers of this context: by payment, by refund, by callback, by order. */
export const timerKinds = {
  query: 'payment.query',
  refund: 'payment.refund',
  callback: 'payment.callback',
  settle: 'payment.settle',
} as const

type Kind = (typeof timerKinds)[keyof typeof timerKinds]

/** The next question about something, after `tries` of them went without a final answer. */
export const nextTry = ({ clock }: Pick<Deps, 'clock'>, kind: Kind, aggregateId: string, tries: number) => ({
  kind,
  aggregateId,
  dueAt: new Date(clock.now().getTime() + askAgainAfterMs(tries)),
  payload: { tries },
})

/** As soon as the worker looks. */
export const atOnce = ({ clock }: Pick<Deps, 'clock'>, kind: Kind, aggregateId: string) => ({
  kind,
  aggregateId,
  dueAt: clock.now(),
  payload: { tries: 0 },
})

/** Tries so far, from a timer's payload. */
export const triesOf = (payload: unknown): number => {
  const { tries } = (payload ?? {}) as { tries?: unknown }
  return typeof tries === 'number' ? tries : 0
}
