/** Waits for a step of the start and remembers how to undo it. Once the process was told to stop it never resolves. */
export type Begin = <T>(step: Promise<T>, end?: (value: T) => Promise<void>) => Promise<T>

const never = new Promise<never>(() => {})

const complain = (error: unknown): void => {
  process.stderr.write(`could not stop cleanly: ${error instanceof Error ? error.message : String(error)}\n`)
}

/** One Ctrl-C may come twice: from the terminal and, passed on, from npm. A person who presses again takes longer. */
const onePressMs = 1000

/**
 * Runs a command that stays. Whatever it began is ended in reverse order: when the start fails, at the first SIGTERM or
 * SIGINT (also one that comes in the middle of the start), or when the supervisor that began this process is gone. What
 * comes after that changes nothing, except a second Ctrl-C, which ends the process at once; nothing is lost either way,
 * SIGKILL is always safe.
 */
export const living = async (start: (begin: Begin) => Promise<void>): Promise<void> => {
  const ends: (() => Promise<void>)[] = []
  let underWay: Promise<unknown> = Promise.resolve()
  let stopping = false

  const begin: Begin = async (step, end) => {
    const noted = step.then((value) => {
      if (end) ends.push(() => end(value))
      return value
    })
    underWay = noted.catch(() => {})
    const value = await noted
    return stopping ? never : value
  }
  const endAll = async (): Promise<number> => {
    let code = 0
    for (const end of ends.splice(0).reverse())
      await end().catch((error) => {
        complain(error)
        code = 1
      })
    return code
  }
  const stop = async () => {
    if (stopping) return
    stopping = true
    await underWay
    process.exit(await endAll())
  }
  let pressedAt: number | undefined
  const interrupted = () => {
    const now = performance.now()
    pressedAt ??= now
    if (now - pressedAt > onePressMs) process.exit(1)
    return stop()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', interrupted)
  if (process.channel) process.once('disconnect', stop)

  try {
    await start(begin)
  } catch (error) {
    if (stopping) return never
    await endAll()
    throw error
  }
}
