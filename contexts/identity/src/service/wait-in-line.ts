import { deadlinePassed, hashingBusy } from '../faults.ts'

/**
 * Runs at most `most` works at once, first come first served. Refuses at once when `bound` are waiting; drops whoever's
 * deadline (ms epoch) has passed when the turn comes.
 */
export const createLine = (most: number, bound: number) => {
  const line: (() => void)[] = []
  let busy = 0
  const enter = async () => {
    if (busy < most) busy++
    else if (line.length >= bound) throw hashingBusy()
    else await new Promise<void>((turn) => line.push(turn))
  }
  const leave = () => {
    const next = line.shift()
    if (next) next()
    else busy--
  }
  return async <T>(deadline: number, work: () => Promise<T>): Promise<T> => {
    await enter()
    try {
      if (Date.now() > deadline) throw deadlinePassed()
      return await work()
    } finally {
      leave()
    }
  }
}
