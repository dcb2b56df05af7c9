import { fault } from '@souk/kernel'

export type Service = 'order' | 'inventory' | 'payment' | 'fulfillment' | 'psp'

/**
 * Where a verb may be interrupted. A crash can fall on each; on `send`, `reply` and `commit` the answer can be lost too:
 * before the effect, after it, or with the effect still to come.
 */
export type Pause = 'step' | 'send' | 'reply' | 'commit'

/** A verb on its way: what stands between two pauses happens at once, like one transaction. */
export type Steps<T> = Generator<Pause, T, undefined>

/** A verb without a pause: one transaction, or one read. */
// biome-ignore lint/correctness/useYield: that it does not pause is the point
export function* atOnce<T>(work: () => T): Steps<T> {
  return work()
}

/** Thrown into a verb in place of the answer it waits for. `late`: what it asked for happens all the same, later. */
export class NoAnswer extends Error {
  readonly late: boolean

  constructor(late: boolean) {
    super('no answer')
    this.late = late
  }
}

/** The COMMIT was sent and nothing came back: the effect may or may not be there. */
export class CommitUnknown extends Error {}

export const unavailable = () => fault('UNAVAILABLE')

/** Runs something of its own in a service; lost when that service crashes. */
export type Spawn = (service: Service, name: string, steps: Steps<void>) => void

/** A mistake of the model itself, which no verb may take for an outage. */
export const isMistake = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
