import type { EmbeddedOptions, EmbeddedServer } from '../../src/db/embedded/index.ts'

/** What the process that owns a server tells its test. */
export type OwnerSays =
  | { kind: 'started'; url: string; pid: number; adopted: boolean; initialised: boolean }
  | { kind: 'refused'; name: string; message: string; ownerPid?: number }
  | { kind: 'said'; line: string }
  | { kind: 'stopped' }

/** The module is an argument, so that a copy of it can be tested where root's plain user cannot reach ours. */
const [module = '', options = '{}'] = process.argv.slice(2)
const { dataDir, maxConnections } = JSON.parse(options) as EmbeddedOptions
const say = (message: OwnerSays) => process.send?.(message)

process.on('SIGINT', () => say({ kind: 'said', line: 'SIGINT arrived' }))
process.on('disconnect', () => process.exit())

try {
  const { startEmbedded } = (await import(module)) as typeof import('../../src/db/embedded/index.ts')
  const log = (line: string) => say({ kind: 'said', line })
  const server: EmbeddedServer = await startEmbedded({ dataDir, log, ...(maxConnections ? { maxConnections } : {}) })
  const { url, pid, adopted, initialised } = server
  say({ kind: 'started', url, pid, adopted, initialised })
  process.on('message', async () => {
    await server.stop()
    say({ kind: 'stopped' })
  })
} catch (error) {
  const { name, message, ownerPid } = error as Error & { ownerPid?: number }
  say({ kind: 'refused', name, message, ...(ownerPid ? { ownerPid } : {}) })
}
