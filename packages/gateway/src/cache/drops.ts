/** When a read began, in drops. */
export type Generation = number

/** Remembers which tags were dropped while reads are under way, so that an old read is not kept after a newer drop. */
export type Drops = {
  begin(): Generation
  end(): void
  drop(tag: string): void
  /** Whether any of these tags was dropped since the read began. */
  since(generation: Generation, tags: readonly string[]): boolean
}

/** Beyond this many tags in one stretch of reads, every read of that stretch counts as outdated. */
const most = 10_000

export const createDrops = (): Drops => {
  let count = 0
  let reads = 0
  let forgotten = 0
  const last = new Map<string, number>()
  return {
    begin: () => {
      reads += 1
      return count
    },
    end: () => {
      reads -= 1
      if (reads === 0) last.clear()
    },
    drop: (tag) => {
      count += 1
      if (reads === 0) return
      if (last.size >= most) {
        last.clear()
        forgotten = count
      }
      last.set(tag, count)
    },
    since: (generation, tags) => generation < forgotten || tags.some((tag) => (last.get(tag) ?? 0) > generation),
  }
}
