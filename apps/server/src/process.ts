import { randomUUID } from 'node:crypto'
import { systemClock } from '@souk/kernel'
import {
  ConfigError,
  createHost,
  createLog,
  createMetrics,
  createServiceTokens,
  type Host,
  type Log,
  type Metrics,
  type OpsServer,
  readSpec,
  startOpsServer,
} from '@souk/platform'
import { contexts } from './contexts.ts'
import type { Database } from './database.ts'
import { createEdge } from './edge/edge.ts'
import { type Front, startFront } from './front.ts'
import { type ServerSettings, serverSettings } from './settings.ts'

export const version = '0.1.0'

/** What only tests hand in. */
export type Ports = { failpoint?: (name: string) => Promise<void> }

/** What one process runs: some contexts, the gateway, or both. */
export type Plan = {
  settings: ServerSettings
  env: NodeJS.ProcessEnv
  database: Database
  hosted: readonly string[]
  gateway: boolean
  /** gRPC targets of the contexts that live elsewhere. */
  targets: Record<string, string>
  /** Others may call this process. */
  serves: boolean
  failpoint?: (name: string) => Promise<void>
}

export type Running = {
  host: Host
  front?: Front
  ops: OpsServer
  grpcPort?: number
  log: Log
  metrics: Metrics
  /** Finishes what was sent, hands leases back, closes pools. The database is the caller's. */
  drain(): Promise<void>
}

/** Reads and checks all settings of the process and of the contexts it hosts; all problems at once. */
export const readSettings = (env: NodeJS.ProcessEnv, hosted: readonly string[]) => {
  const problems: string[] = []
  const settings = readSpec(serverSettings, env, problems)
  const publicUrl = settings.publicUrl ?? `http://127.0.0.1:${settings.port}`
  // Contexts that speak about addresses get the same answer, also where nothing was set.
  const withPublicUrl = { SOUK_CALLBACK_URL: `http://127.0.0.1:${settings.port}`, ...env, SOUK_PUBLIC_URL: publicUrl }
  const configs = Object.fromEntries(
    contexts
      .filter(({ name }) => hosted.includes(name))
      .map(({ name, config }) => [name, readSpec(config, withPublicUrl, problems)]),
  )
  if (problems.length > 0) throw new ConfigError(problems)
  return { settings: { ...settings, publicUrl }, configs }
}

/** Builds, seeds and starts everything of the plan. */
export const startProcess = async (plan: Plan): Promise<Running> => {
  const { env, database, hosted, targets } = plan
  const { settings, configs } = readSettings(env, hosted)
  const name = plan.gateway ? (hosted.length > 0 ? 'souk' : 'gateway') : hosted.join('+')
  const log = createLog({ service: name, version, level: settings.logLevel })
  const metrics = createMetrics({ defaults: true })
  const host = await createHost({
    contexts,
    hosted,
    configs,
    targets,
    urlOf: database.urlOf,
    owner: `${name}-${process.pid}-${randomUUID().slice(0, 8)}`,
    clock: systemClock,
    log,
    metrics,
    tokens: createServiceTokens(
      settings.serviceSecret ?? randomUUID(),
      plan.gateway && hosted.length === 0 ? 'gateway' : (hosted[0] ?? 'gateway'),
    ),
    connections:
      hosted.length > 1
        ? { requests: settings.poolSize, background: 6 }
        : { requests: Math.min(settings.poolSize, 6), background: 3 },
    grpcBind: plan.serves ? settings.grpcBind : undefined,
    failpoint: plan.failpoint ?? (async () => {}),
    composites: plan.gateway ? createEdge : undefined,
  })
  let ready = false
  const ops = await startOpsServer({
    port: settings.opsPort,
    bind: settings.opsBind,
    metrics,
    ready: async () => ready && (await host.ready()),
  })
  const { grpcPort } = await host.start()
  const front = plan.gateway ? await startFront({ host, settings, log, metrics }) : undefined
  ready = true
  return {
    host,
    front,
    ops,
    grpcPort,
    log,
    metrics,
    drain: async () => {
      ready = false
      if (settings.drainDelayMs > 0) await new Promise((wake) => setTimeout(wake, settings.drainDelayMs))
      await front?.drain()
      await host.drain()
      await ops.close()
    },
  }
}
