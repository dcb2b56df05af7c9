import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { failpointFrom } from './failpoint.ts'

enableCompileCache()
// After the cache is on, so that everything else comes out of it.
const { serve, start, startServices } = await import('@souk/server')

/** The verbs of the real main that run processes, with the failpoint port wired. */
const run = ([verb, ...rest]: string[]): Promise<void> => {
  const ports = { failpoint: failpointFrom(process.env) }
  if (verb === 'start') return start(process.env, ports)
  if (verb === 'serve') return serve(process.env, rest, ports)
  if (verb === 'start-services') {
    const replicas = rest[rest.indexOf('--replicas') + 1] ?? ''
    return startServices(process.env, rest.includes('--replicas') ? replicas : '', fileURLToPath(import.meta.url))
  }
  throw new Error(`no such verb: ${verb}`)
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
})
