/** Drops tags: those of single objects at once, those of whole collections at most once per interval. */
export type TagDrops = {
  drop(tag: string): void
  close(): void
}

export type TagDropOptions = {
  isCollection: (tag: string) => boolean
  drop: (tag: string) => void
  now: () => number
  everyMs: number
  /** Runs `work` after `ms`; returns the way to call it off. */
  later: (work: () => void, ms: number) => () => void
}

/**
 * Nearly every fact touches a collection such as `catalog`; during an import, dropping its pages for each fact would leave
 * no cache at all. So a second drop waits for the interval, but it does come: nothing stays stale because facts were many.
 */
export const createTagDrops = ({ isCollection, drop, now, everyMs, later }: TagDropOptions): TagDrops => {
  const droppedAt = new Map<string, number>()
  const waiting = new Map<string, () => void>()
  const dropCollection = (tag: string): void => {
    waiting.delete(tag)
    droppedAt.set(tag, now())
    drop(tag)
  }
  return {
    drop: (tag) => {
      if (!isCollection(tag)) return drop(tag)
      if (waiting.has(tag)) return
      const wait = (droppedAt.get(tag) ?? Number.NEGATIVE_INFINITY) + everyMs - now()
      if (wait <= 0) dropCollection(tag)
      else
        waiting.set(
          tag,
          later(() => dropCollection(tag), wait),
        )
    },
    close: () => {
      for (const callOff of waiting.values()) callOff()
      waiting.clear()
    },
  }
}
