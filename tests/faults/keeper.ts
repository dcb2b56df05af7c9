import type { System } from '../system.ts'

export type Keeper = {
  /** How the main process ended, each time. */
  ends: readonly string[]
  /** Resolves when the process runs again after its `n`-th end. */
  restarted(n: number): Promise<void>
  stop(): void
}

/** Starts the one process again whenever it ends, as systemd or Kubernetes would. */
export const keepRunning = (system: System): Keeper => {
  const ends: string[] = []
  const waiting = new Map<number, () => void>()
  let back = 0
  let stopped = false
  const again = async (how: string): Promise<void> => {
    ends.push(how)
    await system.restart().catch(async (error: unknown) => {
      // It may be killed once more before it is ready; anything else shows in how it ended.
      if (!stopped) await again(error instanceof Error ? error.message.slice(0, 300) : String(error))
    })
  }
  const watch = (): void => {
    const { child } = system
    const ended = async (how: string): Promise<void> => {
      if (stopped) return
      await again(how)
      watch()
      for (const [n, wake] of waiting) if (n <= ends.length) wake()
      back = ends.length
    }
    // It may be gone already, just after it was ready.
    if (child.exitCode !== null || child.signalCode !== null) void ended(child.signalCode ?? String(child.exitCode))
    else child.once('exit', (code, signal) => ended(signal ?? String(code)))
  }
  watch()
  return {
    ends,
    restarted: (n) => (back >= n ? Promise.resolve() : new Promise((wake) => waiting.set(n, wake))),
    stop: () => {
      stopped = true
    },
  }
}
