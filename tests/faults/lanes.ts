import { type Answer, type Lane, openLane, type Shot } from '../../bench/lane.ts'

export type { Answer, Shot } from '../../bench/lane.ts'

/** At most so many connections, by the cheapest client there is, as it shares the machine. */
export const openLanes = (base: string, most: number) => {
  const port = Number(new URL(base).port)
  const free: Lane[] = []
  let busy = 0
  let broken = 0
  const take = async (): Promise<Lane> => {
    for (let lane = free.pop(); lane; lane = free.pop()) if (!lane.closed) return lane
    return openLane(port)
  }
  return {
    /** Undefined when all connections are busy: the request is never made. */
    send: async (shot: Shot): Promise<Answer | undefined> => {
      if (busy >= most) return undefined
      busy++
      try {
        const lane = await take()
        const answer = await lane.send(shot)
        free.push(lane)
        return answer
      } catch (error) {
        broken++
        throw error
      } finally {
        busy--
      }
    },
    /** How many requests were never answered. */
    broken: (): number => broken,
    /** Opens all that are missing, so that a flood is one of requests. */
    fill: async (): Promise<void> => {
      const missing = Math.max(most - busy - free.length, 0)
      free.push(...(await Promise.all(Array.from({ length: missing }, () => openLane(port)))))
    },
    close: () => {
      for (const lane of free) lane.close()
    },
  }
}

export type Lanes = ReturnType<typeof openLanes>
