import type { Core } from './deps.ts'
import { askAgainAfterMs } from './domain/backoff.ts'
import type { timerKinds } from './domain/timer-kinds.ts'

type Kind = (typeof timerKinds)[keyof typeof timerKinds]

/** The next question about something, after `tries` of them went without a final answer. */
export const nextTry = ({ clock }: Pick<Core, 'clock'>, kind: Kind, aggregateId: string, tries: number) => ({
  kind,
  aggregateId,
  dueAt: new Date(clock.now().getTime() + askAgainAfterMs(tries)),
  payload: { tries },
})

/** As soon as the worker looks. */
export const atOnce = ({ clock }: Pick<Core, 'clock'>, kind: Kind, aggregateId: string) => ({
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
