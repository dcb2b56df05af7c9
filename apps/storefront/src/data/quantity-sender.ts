type Timer = ReturnType<typeof setTimeout>

export type QuantitySenderDeps<Answer> = {
  send: (skuId: string, quantity: number) => Promise<Answer>
  /** `waiting` holds quantities newer than the answer. */
  onAnswer: (answer: Answer, waiting: ReadonlyMap<string, number>) => void
  onRefusal: (skuId: string, error: unknown) => void
  /** Milliseconds of quiet before a quantity is sent. */
  quietMs: number
  setTimer: (run: () => void, ms: number) => Timer
  clearTimer: (timer: Timer) => void
}

/**
 * Sends quantities of a bag: absolute numbers, after a pause, one request at a time, so that twenty quick presses are
 * one or two requests and answers cannot overtake each other.
 */
export const createQuantitySender = <Answer>(deps: QuantitySenderDeps<Answer>) => {
  const waiting = new Map<string, number>()
  let timer: Timer | undefined
  let running = false

  const sendNext = async (): Promise<void> => {
    const [entry] = waiting
    if (running || !entry) return
    const [skuId, quantity] = entry
    waiting.delete(skuId)
    running = true
    try {
      deps.onAnswer(await deps.send(skuId, quantity), waiting)
    } catch (error) {
      if (!waiting.has(skuId)) deps.onRefusal(skuId, error)
    } finally {
      running = false
    }
    if (timer === undefined) await sendNext()
  }

  const start = () => {
    timer = undefined
    void sendNext()
  }

  return {
    set(skuId: string, quantity: number): void {
      waiting.set(skuId, quantity)
      if (timer !== undefined) deps.clearTimer(timer)
      timer = deps.setTimer(start, deps.quietMs)
    },
    /** The line is gone: what was to be sent for it no longer is. */
    forget: (skuId: string): void => {
      waiting.delete(skuId)
    },
    waiting: (): ReadonlyMap<string, number> => waiting,
  }
}
