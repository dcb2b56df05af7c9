type Timer = ReturnType<typeof setTimeout>

type QuantitySenderDeps<Answer> = {
  send: (skuId: string, quantity: number) => Promise<Answer>
  onAnswer: (answer: Answer) => void
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
  let flying: readonly [skuId: string, quantity: number] | undefined
  let timer: Timer | undefined

  const sendNext = async (): Promise<void> => {
    const [next] = waiting
    if (flying || !next) return
    const [skuId, quantity] = next
    waiting.delete(skuId)
    flying = next
    try {
      const answer = await deps.send(skuId, quantity)
      flying = undefined
      deps.onAnswer(answer)
    } catch (error) {
      flying = undefined
      if (!waiting.has(skuId)) deps.onRefusal(skuId, error)
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
    /** Quantities that the server has not confirmed yet. */
    unconfirmed: (): ReadonlyMap<string, number> => new Map(flying ? [flying, ...waiting] : waiting),
  }
}
