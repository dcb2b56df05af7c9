import { type Answer, type Lane, openLane } from './lane.ts'

/** What a lane does once; answers the last status. Throws when the connection broke. */
export type Work = (lane: Lane, n: number) => Promise<Answer>

export type Outcome = {
  statuses: Record<string, number>
  /** Milliseconds per piece of work, sorted. */
  latencies: Float64Array
  seconds: number
  broken: number
}

const gather = () => {
  const statuses: Record<string, number> = {}
  const latencies: number[] = []
  let broken = 0
  return {
    take: (status: number, ms: number) => {
      statuses[status] = (statuses[status] ?? 0) + 1
      latencies.push(ms)
    },
    lose: () => {
      broken++
    },
    outcome: (seconds: number): Outcome => ({
      statuses,
      latencies: Float64Array.from(latencies).sort(),
      seconds,
      broken,
    }),
  }
}

/** Closed model: each of `clients` does its next piece of work as soon as the last is done, for `seconds` or `count` pieces. */
export const closedLoad = async (options: {
  port: number
  clients: number
  seconds: number
  count?: number
  work: Work
}): Promise<Outcome> => {
  const { port, clients, seconds, count = Number.POSITIVE_INFINITY, work } = options
  const result = gather()
  let n = 0
  const began = performance.now()
  const end = began + seconds * 1000
  const client = async () => {
    let lane = await openLane(port)
    while (performance.now() < end && n < count) {
      const started = performance.now()
      try {
        const { status } = await work(lane, n++)
        result.take(status, performance.now() - started)
      } catch {
        result.lose()
        lane = await openLane(port)
      }
    }
    lane.close()
  }
  await Promise.all(Array.from({ length: clients }, client))
  return result.outcome((performance.now() - began) / 1000)
}

/**
 * Open model: work arrives at `rate` a second whether or not earlier work is done, so waiting shows. Latency counts
 * from the moment it should have started. `lanes` bounds the connections; arrivals beyond wait for a free one.
 */
export const openLoad = async (options: {
  port: number
  rate: number
  seconds: number
  lanes: number
  work: Work
}): Promise<Outcome> => {
  const { port, rate, seconds, lanes, work } = options
  const result = gather()
  const free = await Promise.all(Array.from({ length: lanes }, () => openLane(port)))
  const waiting: { due: number; n: number }[] = []
  const under = new Set<Promise<void>>()
  const begin = (lane: Lane) => {
    const next = waiting.shift()
    if (!next) return void free.push(lane)
    const run = work(lane, next.n)
      .then(({ status }) => result.take(status, performance.now() - next.due))
      .catch(() => result.lose())
      .finally(() => {
        under.delete(run)
        begin(lane)
      })
    under.add(run)
  }
  const began = performance.now()
  for (let n = 0; n < rate * seconds; ) {
    const now = performance.now() - began
    for (; n < Math.min((now / 1000) * rate, rate * seconds); n++) waiting.push({ due: began + (n / rate) * 1000, n })
    while (waiting.length > 0 && free.length > 0) begin(free.pop()!)
    await new Promise((wake) => setTimeout(wake, 1))
  }
  while (under.size > 0) await Promise.race(under)
  for (const lane of free) lane.close()
  return result.outcome((performance.now() - began) / 1000)
}

/** The p-th percentile of sorted latencies, milliseconds. */
export const percentile = (latencies: Float64Array, p: number): number =>
  latencies[Math.min(latencies.length - 1, Math.floor((latencies.length * p) / 100))] ?? 0
