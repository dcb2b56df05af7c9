import { type Answer, type Lane, openLane } from './lane.ts'

/** What a lane does once; answers the last status. Throws when the connection broke. */
export type Work = (lane: Lane, n: number) => Promise<Answer>

export type Outcome = {
  statuses: Record<string, number>
  /** Milliseconds per piece of work, sorted. */
  latencies: Float64Array
  seconds: number
  broken: number
  /** All that was done, warming up included: what the system paid for. */
  pieces: number
}

/** What became of each piece of work. */
export const gather = () => {
  const statuses: Record<string, number> = {}
  const latencies: number[] = []
  let broken = 0
  return {
    take: (status: number | string, ms: number) => {
      statuses[status] = (statuses[status] ?? 0) + 1
      latencies.push(ms)
    },
    lose: () => {
      broken++
    },
    outcome: (seconds: number, pieces: number): Outcome => ({
      statuses,
      latencies: Float64Array.from(latencies).sort(),
      seconds,
      broken,
      pieces,
    }),
  }
}

/**
 * Closed model: each of `clients` does its next piece of work as soon as the last is done, for `seconds` or `count`
 * pieces. Work that ends in the first `warmUp` seconds is not counted.
 */
export const closedLoad = async (options: {
  port: number
  clients: number
  seconds: number
  count?: number
  warmUp?: number
  work: Work
}): Promise<Outcome> => {
  const { port, clients, seconds, count = Number.POSITIVE_INFINITY, warmUp = 0, work } = options
  const result = gather()
  let n = 0
  const from = performance.now() + warmUp * 1000
  const end = from + seconds * 1000
  const client = async () => {
    let lane = await openLane(port)
    while (performance.now() < end && n < count) {
      const started = performance.now()
      try {
        const { status } = await work(lane, n++)
        const now = performance.now()
        if (now >= from) result.take(status, now - started)
      } catch {
        if (performance.now() >= from) result.lose()
        lane.close()
        lane = await openLane(port)
      }
    }
    lane.close()
  }
  await Promise.all(Array.from({ length: clients }, client))
  return result.outcome((performance.now() - from) / 1000, n)
}

/**
 * Open model: work arrives at `rate` a second whether or not earlier work is done, so waiting shows. Latency counts from
 * the moment at which the work was due, also while no connection was free for it or the generator itself was late.
 * Work that was due in the first `warmUp` seconds is done and not counted.
 */
export const openLoad = async (options: {
  port: number
  rate: number
  seconds: number
  /** Connections, used in turn; work that finds none free waits for one. */
  lanes: number
  warmUp?: number
  /** Told of each answer that counts, as it comes. */
  seen?: (status: number, ms: number) => void
  work: Work
}): Promise<Outcome> => {
  const { port, rate, seconds, warmUp = 0, seen = () => {}, work } = options
  const [first, total] = [Math.round(rate * warmUp), Math.round(rate * (warmUp + seconds))]
  const free = await Promise.all(Array.from({ length: options.lanes }, () => openLane(port)))
  const result = gather()
  const take = (status: number, ms: number) => {
    result.take(status, ms)
    seen(status, ms)
  }
  const finished = Promise.withResolvers<void>()
  // What waits needs no list: work n is due at its place on the clock, and all before `next` has begun.
  let [next, done] = [0, 0]
  const began = performance.now()
  const dueAt = (n: number) => began + (n / rate) * 1000
  const begin = (lane: Lane) => {
    // The server ends connections that nobody uses.
    if (lane.closed) return void openLane(port).then(begin, finished.reject)
    if (next >= total || dueAt(next) > performance.now()) return void free.push(lane)
    const n = next++
    const end = (after: Lane) => {
      if (++done === total) finished.resolve()
      begin(after)
    }
    work(lane, n).then(
      ({ status }) => {
        if (n >= first) take(status, performance.now() - dueAt(n))
        end(lane)
      },
      () => {
        if (n >= first) result.lose()
        lane.close()
        openLane(port).then(end, finished.reject)
      },
    )
  }
  if (total === 0) finished.resolve()
  const tick = setInterval(() => {
    while (free.length > 0 && next < total && dueAt(next) <= performance.now()) begin(free.shift()!)
  }, 1)
  await finished.promise.finally(() => clearInterval(tick))
  for (const lane of free) lane.close()
  return result.outcome((performance.now() - dueAt(first)) / 1000, total)
}
