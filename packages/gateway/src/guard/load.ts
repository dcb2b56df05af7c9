import type { MethodEntry } from '@souk/contract/methods'
import { fault } from '@souk/kernel'

/** Requests under way, and whether one more is welcome. */
export type Load = {
  /** Throws OVERLOADED when there are too many; else counts this one until the returned function is called. */
  enter(entry: MethodEntry): () => void
  inFlight(): number
}

export type LoadOptions = {
  /** Requests under way that can be answered about as fast as ever. */
  most: number
  /** How long a burst may stay above `most`, in milliseconds. */
  burstMs: number
}

/** How much of a burst is let in, in multiples of `most`. */
const burstRoom = 4

/**
 * Beyond `most` requests under way new ones are refused at once, while answering still costs next to nothing. A burst
 * into a calm shop may be `burstRoom` times as large, because it is answered soon: a thousand buyers at the same moment
 * are no overload, the same thousand every second are. No method takes more than half of the room, so one that hangs
 * leaves the others theirs. Methods with `shedAbove` are let in as long as fewer of their own kind are under way: a flood
 * of others cannot stop orders.
 */
export const createLoad = ({ most, burstMs }: LoadOptions): Load => {
  let all = 0
  let calmAt = Number.NEGATIVE_INFINITY
  const ofKind = new Map<string, number>()
  const room = (): number => {
    const now = performance.now()
    if (all <= most / 4) calmAt = now
    return now - calmAt < burstMs ? most * burstRoom : most
  }
  const isWelcome = (kind: number, reserved: number): boolean => {
    const open = room()
    return kind < reserved || (all < open && kind < open / 2)
  }
  return {
    enter: ({ name, shedAbove = 0 }) => {
      const kind = ofKind.get(name) ?? 0
      if (!isWelcome(kind, shedAbove)) throw fault('OVERLOADED')
      all += 1
      ofKind.set(name, kind + 1)
      return () => {
        all -= 1
        ofKind.set(name, ofKind.get(name)! - 1)
      }
    },
    inFlight: () => all,
  }
}
