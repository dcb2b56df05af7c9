import type { MethodEntry } from '@souk/contract/methods'
import { fault } from '@souk/kernel'

/** Requests under way, and whether one more is welcome. */
export type Load = {
  /** Throws OVERLOADED when there are too many; else counts this one until the returned function is called. */
  enter(entry: MethodEntry): () => void
  inFlight(): number
}

/**
 * Beyond `most` requests under way new ones are refused at once, while answering still costs next to nothing. No method
 * takes more than half of the room, so one that hangs leaves the others theirs. Methods with `shedAbove` are let in as
 * long as fewer of their own kind are under way: a flood of others cannot stop orders.
 */
export const createLoad = (most: number): Load => {
  let all = 0
  const ofKind = new Map<string, number>()
  const isWelcome = (kind: number, reserved: number): boolean => kind < reserved || (all < most && kind < most / 2)
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
