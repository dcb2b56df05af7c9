/** Who waits for news of which topic; a wake ends all its waits. */
export type Waiters = {
  wait(topic: string, atMostMs: number): Promise<void>
  wake(topic: string): void
  wakeAll(): void
}

export const createWaiters = (): Waiters => {
  const waiting = new Map<string, Set<() => void>>()
  const wake = (topic: string) => {
    const calls = waiting.get(topic)
    waiting.delete(topic)
    for (const call of calls ?? []) call()
  }
  return {
    wait: (topic, atMostMs) =>
      new Promise((resolve) => {
        const calls = waiting.get(topic) ?? new Set()
        waiting.set(topic, calls)
        const done = () => {
          clearTimeout(timer)
          calls.delete(done)
          resolve()
        }
        const timer = setTimeout(done, atMostMs)
        calls.add(done)
      }),
    wake,
    wakeAll: () => {
      for (const topic of [...waiting.keys()]) wake(topic)
    },
  }
}
