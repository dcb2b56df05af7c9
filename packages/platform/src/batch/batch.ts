import { fault, faultOf } from '@souk/kernel'
import { isPassing } from '../db/errors.ts'

export type BatchOptions<Item, Result> = {
  name: string
  /** Serves many items at once, in one statement or transaction: one verdict per item, in order. */
  run: (items: Item[]) => Promise<(Result | Error)[]>
  /** Items per run; default 100. */
  max?: number
  /** Bytes per run, measured by `bytesOf`; default 1 MB. */
  maxBytes?: number
  bytesOf?: (item: Item) => number
  /** Runs under way at once; default 2. */
  inFlight?: number
  /** Waiting items above which `add` refuses at once with RATE_LIMITED; default 10,000. */
  queue?: number
}

export type Batcher<Item, Result> = {
  /**
   * Waits for the item's own verdict. Rejects with DEADLINE_EXCEEDED when `deadline` (ms epoch) passes before it is
   * sent, RATE_LIMITED when the queue is full, `CommitUnknown` when its run's COMMIT was lost.
   */
  add(item: Item, deadline: number): Promise<Result>
}

type Waiting<Item, Result> = {
  item: Item
  deadline: number
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/** Nothing is wrong with any item: trying them one by one would only make the outage longer. */
const isOutage = (error: unknown): boolean => isPassing(error) || faultOf(error)?.code === 'OVERLOADED'

/**
 * Natural micro-batching: while a run is under way, arriving items gather; the next run serves them together. Nobody
 * waits for a timer. A run that fails unexpectedly is halved until the bad item stands alone, so it harms nobody else.
 */
export const createBatcher = <Item, Result>(options: BatchOptions<Item, Result>): Batcher<Item, Result> => {
  const { run, max = 100, maxBytes = 1 << 20, bytesOf = () => 0, inFlight = 2, queue: bound = 10_000 } = options
  const queue: Waiting<Item, Result>[] = []
  let head = 0
  let running = 0

  const take = (): Waiting<Item, Result>[] => {
    const batch: Waiting<Item, Result>[] = []
    const now = Date.now()
    let bytes = 0
    while (head < queue.length && batch.length < max) {
      const next = queue[head]!
      const size = bytesOf(next.item)
      if (batch.length > 0 && bytes + size > maxBytes) break
      head++
      if (next.deadline < now) next.reject(fault('DEADLINE_EXCEEDED'))
      else {
        batch.push(next)
        bytes += size
      }
    }
    if (head > 1024 || head === queue.length) {
      queue.splice(0, head)
      head = 0
    }
    return batch
  }

  const serve = async (batch: Waiting<Item, Result>[]): Promise<void> => {
    try {
      const verdicts = await run(batch.map(({ item }) => item))
      batch.forEach(({ resolve, reject }, place) => {
        const verdict = verdicts[place]
        if (verdict instanceof Error) reject(verdict)
        else resolve(verdict as Result)
      })
    } catch (error) {
      if (isOutage(error) || batch.length === 1) for (const { reject } of batch) reject(error)
      else {
        const half = batch.length >> 1
        await serve(batch.slice(0, half))
        await serve(batch.slice(half))
      }
    }
  }

  const pump = (): void => {
    while (running < inFlight && head < queue.length) {
      const batch = take()
      if (batch.length === 0) continue
      running++
      void serve(batch).finally(() => {
        running--
        pump()
      })
    }
  }

  return {
    add: (item, deadline) =>
      new Promise((resolve, reject) => {
        if (queue.length - head >= bound) return reject(fault('RATE_LIMITED', { queue: options.name }))
        queue.push({ item, deadline, resolve, reject })
        // One turn later, so that requests parsed from the same socket read travel together.
        if (running < inFlight) setImmediate(pump)
      }),
  }
}
