/**
 * Runs `stop` once at the first SIGTERM or SIGINT and ends the process when it is done; a second signal ends it at
 * once. Nothing is lost either way: SIGKILL is always safe, this is only politeness.
 */
export const stopOnSignals = (stop: () => Promise<void>): void => {
  let stopping = false
  const onSignal = () => {
    if (stopping) process.exit(1)
    stopping = true
    stop().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`could not stop cleanly: ${error instanceof Error ? error.message : String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
