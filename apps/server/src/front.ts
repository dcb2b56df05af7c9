import { join, resolve } from 'node:path'
import { createGateway } from '@souk/gateway'
import { type Handler, type Host, type Log, type Metrics, patiently } from '@souk/platform'
import { createAuth } from './auth.ts'
import type { ServerSettings } from './settings.ts'
import { storefrontDist } from './web/build.ts'
import { createPages } from './web/pages.ts'

export type Front = { port: number; drain(): Promise<void> }

/** Contexts whose facts every gateway process hears. */
const heard = ['identity', 'inventory', 'catalog']

/** The public port: gateway, pages, documents. */
export const startFront = async ({
  host,
  settings,
  log,
  metrics,
}: {
  host: Host
  settings: ServerSettings & { publicUrl: string }
  log: Log
  metrics: Metrics
}): Promise<Front> => {
  const listeners = new Set<(fact: { type: string; payload: unknown }) => void>()
  const auth = createAuth(host, settings)
  listeners.add(auth.hear)
  const clients = new Map<string, Record<string, Handler>>()
  const gateway = await createGateway({
    invoke: (entry, request, call) => {
      const client =
        clients.get(entry.service) ?? (host.client(entry.service as never) as unknown as Record<string, Handler>)
      clients.set(entry.service, client)
      return client[entry.method]!(request, call)
    },
    auth,
    broadcast: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    publicUrl: settings.publicUrl,
    corsOrigins: settings.corsOrigins,
    rateLimits: settings.rateLimits,
    trustedProxies: settings.trustedProxies,
    port: settings.port,
    bind: settings.bind,
    log,
    metrics,
    reusePort: settings.sharedPort,
    pages: createPages(storefrontDist),
    tempDir: join(resolve(settings.dataDir), 'uploads'),
  })
  const reader = host.follow(heard, (envelope) => {
    const fact = { type: envelope.type, payload: JSON.parse(envelope.payload) as unknown }
    for (const listener of listeners) listener(fact)
  })
  await reader.listening
  await patiently(auth.load)
  const { port } = await gateway.listen()
  return {
    port,
    drain: async () => {
      await gateway.drain()
      await reader.stop()
    },
  }
}
