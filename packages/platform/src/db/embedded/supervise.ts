/** A server that is started again whenever it ends by itself. */
export type Supervised = {
  /** The pid of the server as it is now. */
  pid(): number
  /** Stops watching; resolves when no restart is under way any more. */
  release(): Promise<void>
}

const checkEveryMs = 250
const longestPauseMs = 5_000

/**
 * Watches a server that may be another process's child (an adopted one), so by asking, not by an exit event. A start
 * that fails (disk full, say) is tried again for as long as we live, less and less often.
 */
export function supervise(
  firstPid: number,
  isRunning: (pid: number) => boolean,
  restart: () => Promise<number>,
  log: (line: string) => void,
): Supervised {
  let pid = firstPid
  let pauseMs = checkEveryMs
  let released = false
  let work: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout

  const check = async () => {
    if (released || isRunning(pid)) return
    log(`PostgreSQL (pid ${pid}) has ended; starting it again`)
    try {
      pid = await restart()
      pauseMs = checkEveryMs
    } catch (error) {
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      log(`PostgreSQL could not be started again: ${(error as Error).message}`)
    }
  }
  const next = () => {
    timer = setTimeout(() => {
      work = check().finally(() => {
        if (!released) next()
      })
    }, pauseMs)
    timer.unref()
  }
  next()

  return {
    pid: () => pid,
    release: () => {
      released = true
      clearTimeout(timer)
      return work
    },
  }
}
