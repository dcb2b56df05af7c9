import { type RateClass, rates } from '@souk/contract/rates'

export type Verdict = {
  allowed: boolean
  /** Requests that may come at once. */
  limit: number
  remaining: number
  /** Seconds until the bucket is full again. */
  reset: number
  /** Seconds until the next request is allowed; 0 when this one is. */
  retryAfter: number
  policy: string
}

export type RateLimit = {
  /** Takes one request from the bucket of the address and, if there is one, of the user; from both or from none. */
  take(rateClass: RateClass, address: string, user?: string): Verdict
}

/** Callers remembered per class and turn; a flood of more is forgiven rather than kept in memory. */
const mostCallers = 100_000

/**
 * A token bucket as one number per caller: the time at which its bucket is full again (GCRA). After the time that it
 * takes to fill a bucket, what was remembered says nothing any more; so two turns of that length are all that is kept.
 */
const createBuckets = (rateClass: RateClass) => {
  const { perMinute, burst } = rates[rateClass]
  const refillMs = 60_000 / perMinute
  const depthMs = refillMs * burst
  const policy = `${perMinute};w=60;burst=${burst}`
  let turn = new Map<string, number>()
  let lastTurn = new Map<string, number>()
  let turnedAt = 0
  return {
    look: (caller: string, now: number): number =>
      Math.max(turn.get(caller) ?? lastTurn.get(caller) ?? now, now) + refillMs,
    keep: (caller: string, at: number, now: number): void => {
      if (now - turnedAt >= depthMs || turn.size >= mostCallers) {
        lastTurn = turn
        turn = new Map()
        turnedAt = now
      }
      turn.set(caller, at)
    },
    judge: (at: number, now: number): Verdict => {
      const over = at - now - depthMs
      // What a refused request asked for is not taken, so the bucket is fuller than `at` says.
      const used = over > 0 ? at - now - refillMs : at - now
      return {
        allowed: over <= 0,
        limit: burst,
        remaining: Math.max(0, Math.floor((depthMs - used) / refillMs)),
        reset: Math.ceil(used / 1000),
        retryAfter: over > 0 ? Math.max(1, Math.ceil(over / 1000)) : 0,
        policy,
      }
    },
  }
}

export const createRateLimit = (now: () => number = Date.now): RateLimit => {
  const classes = new Map((Object.keys(rates) as RateClass[]).map((name) => [name, createBuckets(name)]))
  return {
    take: (rateClass, address, user) => {
      const buckets = classes.get(rateClass)!
      const at = now()
      const network = networkOf(address)
      const byAddress = buckets.look(network, at)
      const byUser = user === undefined ? 0 : buckets.look(user, at)
      const verdict = buckets.judge(Math.max(byAddress, byUser), at)
      if (!verdict.allowed) return verdict
      buckets.keep(network, byAddress, at)
      if (user !== undefined) buckets.keep(user, byUser, at)
      return verdict
    },
  }
}

/** One customer of an IPv6 provider owns at least a /64, so that is one caller. */
const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  if (tail !== undefined) while (groups.length < 8 - tail.split(':').length) groups.push('0')
  return groups.slice(0, 4).join(':')
}
