import type { MethodEntry } from '@souk/contract/methods'
import { fault } from '@souk/kernel'

/** Requests under way, and whether one more is welcome. */
export type Load = {
  /** Whether one more of this method would be let in now. */
  hasRoom(entry: MethodEntry): boolean
  /** Throws OVERLOADED when there are too many; else counts this one until the returned function is called. */
  enter(entry: MethodEntry): () => void
  inFlight(): number
}

export type LoadOptions = {
  /** Requests under way that are let in whatever the pace; two and a half times as many until that was too few. */
  least: number
  /** How long those under way may take together, in milliseconds; as many are let in as the pace allows. */
  answerWithinMs: number
}

/** How many are let in as long as that is room enough for all who come, in multiples of `least`. */
const calmRoom = 2.5
/** How many are let in while the pace is not known, and at most, in multiples of `least`. */
const mostRoom = 10
/** How long the pace is watched before it counts, in milliseconds; what was shown before then counts half. */
const watchMs = 250
/** After how long without load a pace is half forgotten, in milliseconds. */
const forgetMs = 30_000
/** For so long after the room was full more are believed to come than can be answered, in milliseconds. */
const floodMs = 1_000

/**
 * Requests under way = pace x time that each takes (Little's law): so many are let in as the pace that was last shown
 * under load answers within `answerWithinMs`, and beyond them new ones are refused at once, while answering still costs
 * next to nothing. A thousand buyers at the same moment are let in by a calm shop, the same thousand every second are
 * not; and while there are more than that, `least` is enough: behind them too everybody waits.
 */
const createRoom = ({ least, answerWithinMs }: LoadOptions, under: () => number, now: () => number) => {
  const mostPerMs = (least * mostRoom) / Math.max(answerWithinMs, 1)
  let perMs = mostPerMs
  let [since, ended, fewest] = [now(), 0, 0]
  let fullAt = Number.NEGATIVE_INFINITY
  const look = (): void => {
    const passed = now() - since
    if (passed < watchMs) return
    // Only a time in which there was always something to do shows how fast it goes.
    const [shown, halfLife] = fewest >= least / 2 ? [ended / passed, watchMs] : [mostPerMs, forgetMs]
    const weight = 0.5 ** (passed / halfLife)
    perMs = Math.min(perMs * weight + shown * (1 - weight), mostPerMs)
    ;[since, ended, fewest] = [now(), 0, under()]
  }
  return {
    size: (): number => {
      look()
      const floor = now() - fullAt < floodMs ? least : least * calmRoom
      return Math.max(perMs * answerWithinMs, floor)
    },
    overflow: (): void => {
      fullAt = now()
    },
    leave: (): void => {
      ended += 1
      fewest = Math.min(fewest, under())
      look()
    },
  }
}

/**
 * No method takes more than half of the room, and none that has more since the room shrank counts with more: one that
 * hangs leaves the others theirs. Methods with `shedAbove` are let in while fewer requests than that are under way, and
 * their half is theirs however many others there are: a flood of those cannot stop orders.
 */
export const createLoad = (options: LoadOptions, now = () => performance.now()): Load => {
  let all = 0
  const ofKind = new Map<string, number>()
  const room = createRoom(options, () => all, now)
  const crowd = (half: number): number => ofKind.values().reduce((sum, kind) => sum + Math.min(kind, half), 0)
  const isWelcome = (kind: number, shedAbove: number): boolean => {
    if (all < shedAbove) return true
    const size = room.size()
    return kind < size / 2 && (kind < shedAbove || all < size || crowd(size / 2) < size)
  }
  const hasRoom = ({ name, shedAbove = 0 }: MethodEntry): boolean => {
    const welcome = isWelcome(ofKind.get(name) ?? 0, shedAbove)
    if (!welcome && all >= room.size()) room.overflow()
    return welcome
  }
  return {
    hasRoom,
    enter: (entry) => {
      if (!hasRoom(entry)) throw fault('OVERLOADED')
      const { name } = entry
      all += 1
      ofKind.set(name, (ofKind.get(name) ?? 0) + 1)
      return () => {
        all -= 1
        ofKind.set(name, ofKind.get(name)! - 1)
        room.leave()
      }
    },
    inFlight: () => all,
  }
}
